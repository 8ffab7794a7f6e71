"""What is late is known since the run that saw it first, until a run finds it waits no more."""

from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from pipeline.store.transfer import Store
from tests.support.small_world import (
    CELLS,
    EVERYTHING,
    FIRST,
    NOON,
    SECOND,
    TARGET,
    THIRD,
    ask,
    cells,
    commit,
)

A, B = CELLS[:2]
Late = dict[int, float]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "malaria.duckdb")
    for run_id in (FIRST, SECOND, THIRD):
        commit(store, run_id, {A: 1, B: 2})
    return store


def keep(
    store: Store, run_id: str, late: Late, waiting: tuple[int, ...] = (), target: str = TARGET
) -> None:
    numbers = {
        "cell": list(late),
        "tracker_value": list(late.values()),
        "current_value": ["1"] * len(late),
        "wanted_action": ["update"] * len(late),
        "reason_id": ["period-closed"] * len(late),
    }
    schema = {"cell": pl.UInt64, "tracker_value": pl.Float64} | dict.fromkeys(
        ("current_value", "wanted_action", "reason_id"), pl.String
    )
    frames = {
        "late_cells": pl.DataFrame(numbers, schema=schema),
        "waiting_cells": cells(*waiting),
        "asked_periods": EVERYTHING.periods,
        "asked_org_units": EVERYTHING.org_units,
    }
    store.record_late_corrections(run_id, target, frames, NOON + timedelta(hours=int(run_id[7])))


def open_ones(store: Store, target: str = TARGET) -> list[tuple[object, ...]]:
    known = store.late_corrections(target)
    return known.select("cell", "first_run", "last_run", "tracker_value").rows()


def test_the_run_that_saw_it_first_stays_and_the_numbers_are_the_newest(store: Store) -> None:
    keep(store, FIRST, {A: 5})
    keep(store, SECOND, {A: 6, B: 7})

    assert open_ones(store) == [(A, FIRST, SECOND, 6.0), (B, SECOND, SECOND, 7.0)]
    assert open_ones(store, "another server") == []


def test_a_plan_that_is_made_again_changes_nothing(store: Store) -> None:
    keep(store, FIRST, {A: 5, B: 6})
    for _ in range(2):
        keep(store, SECOND, {A: 7})

    assert open_ones(store) == [(A, FIRST, SECOND, 7.0)]
    query = "select cell, resolved_by_run from packed.late_corrections order by cell"
    assert ask(store, query).rows() == [(A, None), (B, SECOND)]


def test_what_still_waits_is_not_resolved_though_it_is_not_late_now(store: Store) -> None:
    keep(store, FIRST, {A: 5, B: 6})
    keep(store, SECOND, {}, waiting=(A,))

    assert open_ones(store) == [(A, FIRST, FIRST, 5.0)]


def test_what_is_late_again_after_it_was_resolved_is_seen_first_again(store: Store) -> None:
    keep(store, FIRST, {A: 5})
    keep(store, SECOND, {})
    keep(store, THIRD, {A: 8})

    assert open_ones(store) == [(A, THIRD, THIRD, 8.0)]
    assert store.check() == []


def test_a_target_that_was_moved_takes_its_late_corrections_with_it(store: Store) -> None:
    keep(store, FIRST, {A: 5})

    store.move_ledger(SECOND, TARGET, "its new id", NOON)

    assert open_ones(store) == []
    assert open_ones(store, "its new id") == [(A, FIRST, FIRST, 5.0)]
