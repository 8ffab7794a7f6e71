"""Tracker and paper are remembered side by side, for each run that was compared."""

from pathlib import Path

import polars as pl
import pytest

from pipeline.store.records import ComparisonRecord
from pipeline.store.transfer import Store
from tests.support.small_world import CELLS, FIRST, KNOWN, NOON, SECOND, THIRD, ask, commit

Sides = dict[int, tuple[float | None, float | None]]
A, B = CELLS[:2]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "malaria.duckdb")


def compare(store: Store, run_id: str, sides: Sides) -> bool:
    compared = pl.DataFrame(
        [(cell, *pair) for cell, pair in sides.items()],
        schema={"cell": pl.UInt64, "tracker_value": pl.Float64, "manual_value": pl.Float64},
        orient="row",
    )
    record = ComparisonRecord(run_id, "a file", NOON, 0.0, 0.0)
    return store.commit_comparison(record, KNOWN, compared)


def compared_at(store: Store, run_id: str) -> Sides:
    rows = ask(store, "from packed.compared_at(?) order by cell", run_id).rows()
    return {cell: (tracker, manual) for cell, tracker, manual in rows}


def test_every_compared_run_can_be_asked_for_again(store: Store) -> None:
    nights: dict[str, Sides] = {
        FIRST: {A: (1, 1), B: (2, None)},
        SECOND: {A: (1, 3)},
        THIRD: {A: (None, 3), B: (5, 5)},
    }
    for run_id, sides in nights.items():
        commit(store, run_id, {A: 1})
        assert compare(store, run_id, sides)

    assert {run_id: compared_at(store, run_id) for run_id in nights} == nights
    assert store.check() == []


def test_only_the_newest_run_is_compared(store: Store) -> None:
    commit(store, FIRST, {A: 1})
    commit(store, SECOND, {A: 2})

    assert not compare(store, FIRST, {A: (1, 1)})

    assert ask(store, "from packed.comparisons").is_empty()


def test_a_run_that_is_compared_again_has_the_numbers_of_the_second_time(store: Store) -> None:
    commit(store, FIRST, {A: 1})
    compare(store, FIRST, {A: (1, 7), B: (2, 2)})
    compare(store, FIRST, {A: (1, 8)})

    assert compared_at(store, FIRST) == {A: (1, 8)}
    assert ask(store, "select run_id from packed.comparisons").rows() == [(FIRST,)]
    assert store.check() == []


def test_a_snapshot_that_is_made_again_forgets_that_it_was_compared(store: Store) -> None:
    commit(store, FIRST, {A: 1})
    compare(store, FIRST, {A: (1, 1)})
    commit(store, SECOND, {A: 2})
    compare(store, SECOND, {A: (2, 9)})

    commit(store, SECOND, {A: 3})

    assert ask(store, "select run_id from packed.comparisons").rows() == [(FIRST,)]
    assert ask(store, "from packed.compared_values").rows() == [(A, 1.0, 1.0)]
    assert store.check() == []
