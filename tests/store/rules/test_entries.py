"""Entries of the ledger begin and end with what a run opened and closed, and keep their order."""

from datetime import datetime

import polars as pl

from pipeline.store.rules.entries import closings_of, entries_after, new_openings
from tests.support.small_world import NOON, closings, numbers, openings

BEFORE = datetime(2026, 10, 31, 2)  # noqa: DTZ001  # a store keeps moments in UTC, without a zone
ENTRIES = numbers({1: 1, 2: 2, 5: 5}).with_columns(
    run=pl.Series([1, 2, 2], dtype=pl.UInt32), loaded_at=pl.lit(BEFORE)
)


def test_what_the_run_opened_before_with_the_same_number_is_not_opened_again() -> None:
    written = openings({1: 1, 2: 2, 5: 6, 4: 4})

    assert new_openings(written, ENTRIES, run=2)["cell"].to_list() == [1, 4, 5]


def test_an_entry_ends_with_its_number_and_one_that_is_opened_again_does_not_end() -> None:
    closed = closings({5: "closed", 1: "retracted", 2: "closed", 9: "closed"})

    ended = closings_of(closed, openings({2: 3}), ENTRIES)

    assert ended.rows() == [(1, "retracted", 1.0), (5, "closed", 5.0)]


def test_what_stands_after_it_lies_in_the_order_of_cells() -> None:
    ended = closings_of(closings({5: "closed"}), openings({}), ENTRIES)

    after = entries_after(ENTRIES, openings({0: 7, 2: 8}), ended, 3, NOON)

    assert after.schema == ENTRIES.schema
    assert after.select("cell", "value", "run").rows() == [(0, 7.0, 3), (1, 1.0, 1), (2, 8.0, 3)]
    assert after["loaded_at"].to_list()[1] == BEFORE
