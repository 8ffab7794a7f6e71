"""What tracker says now, and how it came to say so, run by run."""

from dataclasses import astuple
from typing import TYPE_CHECKING, cast

import polars as pl

from pipeline.cells.dictionaries import Dictionaries
from pipeline.store.comparisons import forget_comparison
from pipeline.store.dictionaries import (
    DICTIONARY_TABLES,
    DictionaryTables,
    add_dictionaries,
    dictionary_frames,
)
from pipeline.store.records import Database, Image, RunRecord, SnapshotChange
from pipeline.store.rules.merging import changes_of, with_changes, without
from pipeline.store.steps import do, insist, query_frame
from pipeline.text.errors import RefusedError

if TYPE_CHECKING:  # types only: a command that reads no such frame does not wait for pandera
    from pandera.typing.polars import DataFrame

    from schemas.values import PackedCells, PackedValues


# A commit asks the checks that read what it changed; only that can have become wrong by it.
_CHANGED_BY_A_SNAPSHOT = (*DICTIONARY_TABLES, "snapshot_changes", "snapshot_values", "runs")


class SnapshotTables(DictionaryTables):
    """One row per cell that tracker fills, and one per change of a cell by a run."""

    def commit_snapshot(
        self,
        run: RunRecord,
        dictionaries: Dictionaries,
        image: Image,
        values: "DataFrame[PackedValues]",
        unknown: "DataFrame[PackedCells]",
    ) -> SnapshotChange:
        """Remember what tracker says now; the store has the run, its changes and the new state.

        What tracker says in `unknown` cells is not to be believed. A known cell of the image
        without a value has vanished, unless it is unknown; cells outside the image stay as they
        were. The newest run may do this again until it is planned; any other raises
        `RefusedError`.
        """
        with self._writing(dictionary_frames(dictionaries)) as store:
            _make_room(store, run)
            add_dictionaries(store)
            known = query_frame(store, "from packed.snapshot_values")
            found = changes_of(known, values, unknown, image)
            after = with_changes(known, found.select("cell", value="new_value"))
            for name, frame in {"found_changes": found, "known_after": after}.items():
                store.register(name, frame)
            do(store, "add_run_number", run.run_id)
            do(store, "record_changes", run.run_id)
            do(store, "rewrite_snapshot")
            do(store, "add_run", *astuple(run))
            insist(store, run.run_id, _CHANGED_BY_A_SNAPSHOT)
        return _counted(found, without(values, unknown).height)

    def snapshot(self) -> "DataFrame[PackedValues]":
        """Tracker's numbers as last known, in the order of cells."""
        found = self._asked("from packed.snapshot_values order by cell")
        return cast("DataFrame[PackedValues]", found)

    def changes(self, earlier_run: str, later_run: str) -> pl.DataFrame:
        """What differs between two runs: `cell`, `old_value`, `new_value`."""
        query = "from packed.changes_between(?, ?) order by cell"
        return self._asked(query, earlier_run, later_run)

    def cell_history(self, *key: str) -> pl.DataFrame:
        """One row per change of a cell, which is named by its key in the key's usual order."""
        return self._asked("from packed.cell_history(?, ?, ?, ?, ?)", *key)


def _counted(found: pl.DataFrame, believed: int) -> SnapshotChange:
    """How many cells appeared, changed, vanished and stayed, of so many with a number."""
    is_new, is_gone = found["old_value"].is_null(), found["new_value"].is_null()
    appeared, vanished = int(is_new.sum()), int(is_gone.sum())
    changed = found.height - appeared - vanished
    return SnapshotChange(appeared, changed, vanished, believed - appeared - changed)


def _make_room(store: Database, run: RunRecord) -> None:
    """Forget the run's own earlier snapshot; refuse what history does not allow."""
    query = "select run_id, stage from packed.runs order by run_id desc limit 2"
    newest, before = [*store.execute(query).fetchall(), ("", ""), ("", "")][:2]
    query = "select max(run_id) from packed.run_numbers where run_id > ?"
    ((read_back,),) = store.execute(query, [max(newest[0], run.run_id)]).fetchall()
    if read_back:  # by a store made anew; numbers of runs follow their order
        newest = (read_back, "loaded")
    if newest[0] < run.run_id:
        return
    if newest != (run.run_id, "transformed"):
        raise RefusedError(
            f"run {run.run_id} cannot make its values anew: run {newest[0]} is {newest[1]}",
            remedy="begin a new run with `tally run NAME`",
        )
    forget_comparison(store, run.run_id)
    do(store, "rewind_snapshot", before[0])
    do(store, "forget_changes", run.run_id)
    do(store, "forget_run", run.run_id)
