"""Periods, form cells and org units are numbered once, and for good."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipeline.cells.bits import (
    FORM_CELL_NUMBERS,
    PERIOD_NUMBERS,
)
from pipeline.cells.dictionaries import Dictionaries, empty_dictionaries, extend, form_cells_of
from pipeline.cells.key import FORM_CELL, KEY
from pipeline.cells.packing import pack, unpack
from pipeline.text.errors import UsageError
from tests.support.frames import frame, some_keys

KEYS = frame("""
    data_element | period | org_unit | category_option_combo | attribute_option_combo
    cases        | 202401 | hill     | male                  | default
    cases        | 202402 | valley   | female                | default
    deaths       | 202401 | valley   | male                  | fixed
""")


def numbered(keys: pl.DataFrame = KEYS) -> Dictionaries:
    return extend(empty_dictionaries(), keys)


def test_a_number_once_given_never_changes() -> None:
    first = numbered(KEYS.head(1))
    more = frame("""
        data_element | period | org_unit | category_option_combo | attribute_option_combo
        births       | 202312 | bay      | female                | default
    """)

    second = extend(first, pl.concat([more, KEYS]))

    for before, after in zip(first, second, strict=True):
        assert_frame_equal(after.head(before.height), before)
        assert after["id"].to_list() == list(range(after.height))
    assert_frame_equal(unpack(pack(KEYS.head(1), first), second), KEYS.head(1).select(KEY))


def test_new_names_are_numbered_the_same_way_whatever_their_order() -> None:
    for forwards, backwards in zip(numbered(), numbered(KEYS.reverse()), strict=True):
        assert_frame_equal(forwards, backwards)


def test_what_is_not_named_gets_no_number() -> None:
    keys = KEYS.with_columns(org_unit=pl.Series(["hill", None, None]))

    only_periods = extend(empty_dictionaries(), some_keys(period=["202401", "202402"]))

    assert numbered(keys).org_units["org_unit"].to_list() == ["hill"]
    assert only_periods.periods.height == 2
    assert only_periods.form_cells.is_empty()


def test_the_form_cells_that_occur_are_listed_once() -> None:
    cells = pack(pl.concat([KEYS.tail(1), KEYS.head(1), KEYS.tail(1)]), numbered())

    assert form_cells_of(cells, numbered()).rows() == [
        ("cases", "male", "default"),
        ("deaths", "male", "fixed"),
    ]


def test_one_number_too_many_is_refused_before_cells_run_into_each_other() -> None:
    known = some_keys(period=[f"{number}" for number in range(PERIOD_NUMBERS)])
    full = extend(empty_dictionaries(), known)

    assert full.periods["id"].max() == PERIOD_NUMBERS - 1
    with pytest.raises(
        UsageError, match="65\u202f537 periods in its time, and can tell 65\u202f536 apart"
    ):
        extend(full, some_keys(period=["one more"]))


def test_form_cells_are_counted_too() -> None:
    ids = pl.int_range(FORM_CELL_NUMBERS, eager=True, dtype=pl.UInt64)
    names = {name: ids.cast(pl.String) for name in FORM_CELL}
    full = empty_dictionaries()._replace(form_cells=pl.DataFrame({"id": ids, **names}))

    assert extend(full, KEYS.head(0)).form_cells.height == FORM_CELL_NUMBERS
    with pytest.raises(UsageError, match="form cells"):
        extend(full, KEYS)
