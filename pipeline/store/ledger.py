"""Which cells of a target are ours, and how each became ours or ceased to be."""

from datetime import datetime
from typing import TYPE_CHECKING, cast

import polars as pl

import sql
from pipeline.store.file import StoreFile
from pipeline.store.records import Database
from pipeline.store.rules.entries import closings_of, entries_after, new_openings
from pipeline.store.steps import do, insist, query_frame
from pipeline.text.errors import TallyError
from pipeline.text.wording import number

if TYPE_CHECKING:  # types only: a command that reads no such frame does not wait for pandera
    from pandera.typing.polars import DataFrame

    from schemas.load import LedgerClosings, LedgerOpenings
    from schemas.values import PackedValues


class LedgerTables(StoreFile):
    """One row per cell of ours, and one per event that made a cell ours or not."""

    def ledger(self, target_system_id: str) -> "DataFrame[PackedValues]":
        """The cells of a target that are ours, in their order."""
        query = (
            "select cell, value from packed.ledger "
            "where target = packed.target_number(?) order by cell"
        )
        return cast("DataFrame[PackedValues]", self._asked(query, target_system_id))

    def write_ledger(
        self,
        run_id: str,
        target_system_id: str,
        opened: "DataFrame[LedgerOpenings]",
        closed: "DataFrame[LedgerClosings]",
        at: datetime,
    ) -> None:
        """Remember which cells became ours and which ceased to be.

        A cell in both is open. Written again, nothing changes.
        """
        if opened.is_empty() and closed.is_empty():
            return
        with self._writing({}) as store:
            do(store, "add_target", target_system_id)
            do(store, "add_run_number", run_id)
            query = "select packed.target_number(?), packed.run_number(?)"
            target, run = store.execute(query, [target_system_id, run_id]).fetchall()[0]
            query = "select cell, value, run, loaded_at from packed.ledger where target = ?"
            entries = query_frame(store, query, target)
            opened_cells = new_openings(opened, entries, run)
            ended = closings_of(closed, opened, entries)
            if opened_cells.is_empty() and ended.is_empty():
                return
            frames = {
                "opened_cells": opened_cells,
                "ended_entries": ended,
                "entries_after": entries_after(entries, opened_cells, ended, run, at),
            }
            for name, frame in frames.items():
                store.register(name, frame)
            _require_names(store)
            do(store, "record_closings", run, target, at)
            do(store, "record_openings", run, target, at)
            do(store, "rewrite_ledger", target)

    def known_as(self, target_system_id: str) -> str:
        """The system id by which the ledger knows a target: an earlier one if it was moved."""
        found = self._asked(sql.read("steps", "find_known_target"), target_system_id)
        return str(found.item()) if found.height else target_system_id

    def move_ledger(self, run_id: str, old: str, new: str, at: datetime) -> None:
        """Know by its new system id a target that was moved, with all that is known of it."""
        with self._writing({}) as store:
            do(store, "add_target", new)
            do(store, "supersede_late_corrections", run_id, at, new)
            for step in (
                "move_entries",
                "move_events",
                "move_late_corrections",
                "move_remainders",
            ):
                do(store, step, new, old)
            insist(store, tables={"ledger", "ledger_events", "late_corrections"})

    def runs_in_the_ledger_since(self, moment: datetime) -> list[str]:
        """The runs that changed the ledger after a moment, the oldest first."""
        query = (
            "select run_id from packed.run_numbers where id in "
            "(select run from packed.ledger_events where happened_at > ?) order by run_id"
        )
        return self._asked(query, moment)["run_id"].to_list()

    def written_by(self, run_id: str, target_system_id: str) -> pl.DataFrame:
        """The cells that a run wrote: `cell`, `event`, `value_before`, `is_later`."""
        return self._asked(sql.read("steps", "find_cells_written"), run_id, target_system_id)

    def ledger_events(self) -> pl.DataFrame:
        """One row per thing that happened to a cell of the ledger, the oldest first."""
        query = (
            "select run_id, system_id as target_system_id, cell, packed.event_of(event) as event, "
            "value, happened_at from packed.ledger_events as told "
            "inner join packed.run_numbers as numbers on told.run = numbers.id "
            "inner join packed.targets as targets on told.target = targets.id "
            "order by happened_at, run_id, cell"
        )
        return self._asked(query)


def _require_names(store: Database) -> None:
    """Go on only when the dictionaries know all parts of the cells that are to be opened."""
    nameless = store.execute(sql.read("steps", "count_nameless_cells")).fetchall()[0][0]
    if nameless:
        raise TallyError(
            f"the store does not know which cells of the ledger these are: {number(nameless)}",
            remedy="nothing was stored; report this with the run's folder",
        )
