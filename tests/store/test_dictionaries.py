"""A period, form cell or org unit keeps the number by which the store met it."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipeline.cells.dictionaries import Dictionaries, empty_dictionaries, extend
from pipeline.store.database import open_database
from pipeline.store.transfer import Store
from pipeline.text.errors import TallyError
from tests.support.frames import some_keys
from tests.support.small_world import (
    CELLS,
    EVERYTHING,
    FIRST,
    KNOWN,
    NOTHING,
    SECOND,
    commit,
    numbers,
    record,
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store" / "malaria.duckdb")


def test_dictionaries_only_grow(store: Store) -> None:
    store.commit_snapshot(record(FIRST), KNOWN, EVERYTHING, numbers({}), NOTHING)
    grown = extend(KNOWN, some_keys(org_unit=["ouClinicDD4"], period=["2024Q1"]))
    store.commit_snapshot(record(SECOND), grown, EVERYTHING, numbers({}), NOTHING)

    for found, expected in zip(store.dictionaries(), grown, strict=True):
        assert_frame_equal(found, expected)


def test_a_period_has_its_dates_unless_its_calendar_is_unknown(store: Store) -> None:
    known = extend(empty_dictionaries(), some_keys(period=["2024Q2", "2081-Asar"]))
    store.commit_snapshot(record(FIRST), known, EVERYTHING, numbers({}), NOTHING)

    with open_database(store.path, read_only=True) as database:
        query = "select period, period_type, start_date, end_date from packed.periods order by id"
        assert database.execute(query).fetchall() == [
            ("2024Q2", "Quarterly", date(2024, 4, 1), date(2024, 6, 30)),
            ("2081-Asar", None, None, None),
        ]


def test_a_number_never_means_another_org_unit(store: Store) -> None:
    commit(store, FIRST, {CELLS[0]: 1})
    renamed = KNOWN.org_units.with_columns(org_unit=pl.col("org_unit").reverse())
    confused = Dictionaries(KNOWN.periods, KNOWN.form_cells, renamed)

    with pytest.raises(TallyError, match="dictionary_numbers_twice"):
        store.commit_snapshot(record(SECOND), confused, EVERYTHING, numbers({}), NOTHING)

    assert store.runs()["run_id"].to_list() == [FIRST]
