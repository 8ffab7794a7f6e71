"""What a transfer remembers from run to run: tracker's numbers, the ledger, and how both came."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple, fields
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

import sql
from pipeline.cells.packing import Dictionaries
from pipeline.probes.failpoints import reach
from pipeline.store.database import open_database, open_often, private_folder
from pipeline.store.records import (
    ComparisonRecord,
    Database,
    FailedCheck,
    Image,
    RunRecord,
    SnapshotChange,
)
from pipeline.store.steps import (
    counted,
    do,
    failed_checks,
    forget_comparison,
    insist,
    insist_on_names,
    make_room,
    move_target,
    prepare,
    query_frame,
    stage_of,
    with_dates,
)
from pipeline.text.errors import RefusedError

# A commit asks the checks that read what it changed; only that can have become wrong by it.
_DICTIONARIES = ("periods", "form_cells", "org_units")


class Store:
    """The private file of one transfer. It is open only while a method runs.

    Every method raises `LockedError` when another process has the file open, `RefusedError`
    when the file is damaged, and `UnavailableError` when the disk is full; what was stored
    before stands. A store that was never written is empty.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def dictionaries(self) -> Dictionaries:
        """Give the numbers of all periods, form cells and org units that were ever met."""
        with self._reading() as store:
            return Dictionaries(
                query_frame(store, "select id, period from packed.periods order by id"),
                query_frame(store, "from packed.form_cells order by id"),
                query_frame(store, "from packed.org_units order by id"),
            )

    def commit_snapshot(
        self,
        run: RunRecord,
        dictionaries: Dictionaries,
        image: Image,
        values: pl.DataFrame,
        unknown: pl.DataFrame,
    ) -> SnapshotChange:
        """Remember what tracker says now; the store has the run, its changes and the new state.

        `values` has `cell`, `value`; `unknown` has `cell`: what tracker says there is not to be
        believed. A known cell of the image without a value has vanished, unless it is unknown;
        cells outside the image stay as they were. The newest run may do this again until it is
        planned; any other raises `RefusedError`.
        """
        frames = {
            "new_periods": with_dates(dictionaries.periods),
            "new_form_cells": dictionaries.form_cells,
            "new_org_units": dictionaries.org_units,
            "image_periods": image.periods,
            "image_form_cells": image.form_cells,
            "image_org_units": image.org_units,
            "asked_values": values.select("cell", "value").drop_nulls(),
            "unknown_cells": unknown.select("cell"),
        }
        with self._writing(frames) as store:
            make_room(store, run)
            for step in ("add_periods", "add_form_cells", "add_org_units"):
                do(store, step)
            for step in ("record_changes", "rewrite_snapshot"):
                do(store, step, run.run_id)
            do(store, "add_run", *astuple(run))
            counts = store.execute(sql.read("steps", "count_changes"), [run.run_id]).fetchall()
            insist(
                store, run.run_id, {*_DICTIONARIES, "snapshot_changes", "snapshot_values", "runs"}
            )
        return SnapshotChange(*counts[0])

    def commit_comparison(
        self, comparison: ComparisonRecord, dictionaries: Dictionaries, compared: pl.DataFrame
    ) -> bool:
        """Remember tracker and paper side by side; only the newest run can, any number of times.

        `compared` has `cell`, `tracker_value`, `manual_value`. Tells whether it was the newest.
        """
        frames = {
            "new_periods": with_dates(dictionaries.periods),
            "new_form_cells": dictionaries.form_cells,
            "new_org_units": dictionaries.org_units,
            "compared_cells": compared.select("cell", "tracker_value", "manual_value"),
        }
        run_id = comparison.run_id
        with self._writing(frames) as store:
            newest = store.execute("select max(run_id) from packed.runs").fetchall()[0][0]
            if newest != run_id:
                return False
            forget_comparison(store, run_id)
            for step in ("add_periods", "add_form_cells", "add_org_units"):
                do(store, step)
            do(store, "record_compared_changes", run_id)
            do(store, "rewrite_compared_values")
            do(store, "add_comparison", *astuple(comparison))
            insist(store, run_id, {*_DICTIONARIES, "compared_changes", "compared_values"})
        return True

    def compared_at(self, run_id: str) -> pl.DataFrame:
        """Give what was compared in a run: `cell`, `tracker_value`, `manual_value`."""
        return self._asked("from packed.compared_at(?) order by cell", run_id)

    def snapshot(self) -> pl.DataFrame:
        """Give tracker's numbers as last known: `cell`, `value`, in the order of cells."""
        return self._asked("from packed.snapshot_values order by cell")

    def state_at(self, run_id: str) -> pl.DataFrame:
        """Give tracker's numbers as known after a run: `cell`, `value`, in the order of cells."""
        return self._asked("from packed.state_at(?) order by cell", run_id)

    def changes(self, earlier_run: str, later_run: str) -> pl.DataFrame:
        """Give what differs between two runs: `cell`, `old_value`, `new_value`."""
        query = "from packed.changes_between(?, ?) order by cell"
        return self._asked(query, earlier_run, later_run)

    def cell_history(self, *key: str) -> pl.DataFrame:
        """Give one row per change of a cell, named by its key in the key's usual order."""
        return self._asked("from packed.cell_history(?, ?, ?, ?, ?)", *key)

    def runs(self) -> pl.DataFrame:
        """Give one row per run, the newest first."""
        return self._asked("from packed.runs order by run_id desc")

    def latest_run(self) -> RunRecord | None:
        """Give what went into the newest run, or None before the first."""
        names = [field.name for field in fields(RunRecord)]
        newest = self.runs().select(names).head(1).to_dicts()
        if not newest:
            return None
        return RunRecord(**newest[0] | {"started_at": newest[0]["started_at"].replace(tzinfo=UTC)})

    def record_planned(self, run_id: str, actions: Mapping[str, int], at: datetime) -> None:
        """Remember that the run has a plan, with so many cells for each action."""
        counts = counted("action", actions)
        with self._writing({"counted_actions": counts}) as store:
            if stage_of(store, run_id) == "loaded":
                raise RefusedError(
                    f"run {run_id} was loaded; it cannot be planned again",
                    where=str(self.path),
                    remedy="begin a new run with `tally run NAME`",
                )
            do(store, "plan_run", at, run_id)
            do(store, "forget_actions", run_id)
            do(store, "add_actions", run_id)

    def record_late_corrections(
        self, run_id: str, target_system_id: str, late: Mapping[str, pl.DataFrame], at: datetime
    ) -> None:
        """Remember what is late: since which run, with which numbers; told again, it is the same.

        `late` has the frames that sql/steps/*_late_corrections.sql name.
        """
        with self._writing(late) as store:
            do(store, "reopen_late_corrections", run_id)
            do(store, "forget_late_corrections", run_id)
            do(store, "resolve_late_corrections", run_id, at, target_system_id)
            do(store, "refresh_late_corrections", run_id, target_system_id)
            binds = (target_system_id, run_id, at, run_id, target_system_id)
            do(store, "add_late_corrections", *binds)
            insist(store, run_id, {"late_corrections"})

    def late_corrections(self, target_system_id: str) -> pl.DataFrame:
        """Give the late corrections that are open, in the order of cells."""
        query = (
            "from packed.late_corrections where target_system_id = ? and resolved_by_run is null "
            "order by cell"
        )
        return self._asked(query, target_system_id)

    def record_loaded(self, run_id: str, outcomes: Mapping[str, int], at: datetime) -> None:
        """Remember that the run's plan was loaded, with so many cells for each outcome."""
        counts = counted("outcome", outcomes)
        with self._writing({"counted_outcomes": counts}) as store:
            stage_of(store, run_id)
            do(store, "load_run", at, run_id)
            do(store, "forget_outcomes", run_id)
            do(store, "add_outcomes", run_id)
            insist(store, run_id, {"ledger", "ledger_events", "runs"})

    def ledger(self, target_system_id: str) -> pl.DataFrame:
        """Give the cells of a target that are ours: `cell`, `value`, `run_id`, in their order."""
        query = (
            "select cell, value, run_id from packed.ledger where target_system_id = ? order by cell"
        )
        return self._asked(query, target_system_id)

    def write_ledger(
        self,
        run_id: str,
        target_system_id: str,
        opened: pl.DataFrame,
        closed: pl.DataFrame,
        at: datetime,
    ) -> None:
        """Remember which cells became ours and which ceased to be.

        `opened` has `cell`, `value`, `event` (loaded or adopted); `closed` has `cell`, `event`
        (retracted or closed); a cell in both is open. Told again, nothing changes.
        """
        frames = {
            "written_cells": opened,
            "closed_cells": closed.join(opened, on="cell", how="anti"),
        }
        with self._writing(frames) as store:
            found = query_frame(store, sql.read("steps", "find_openings"), target_system_id, run_id)
            store.register("opened_cells", found)
            insist_on_names(store)
            do(store, "record_closings", run_id, at, target_system_id)
            do(store, "remove_entries", target_system_id)
            do(store, "record_openings", run_id, target_system_id, at)
            do(store, "add_entries", target_system_id, run_id, at)

    def known_as(self, target_system_id: str) -> str:
        """Give the system id by which the ledger knows a target: an earlier one if it was moved."""
        found = self._asked(sql.read("steps", "known_as"), target_system_id)
        return str(found.item()) if found.height else target_system_id

    def move_ledger(self, run_id: str, old: str, new: str, at: datetime) -> None:
        """Know by its new system id a target that was moved, with all that was told of it."""
        with self._writing({}) as store:
            move_target(store, run_id, old, new, at)

    def runs_in_the_ledger_since(self, moment: datetime) -> list[str]:
        """List the runs that changed the ledger after a moment."""
        query = "select distinct run_id from packed.ledger_events where happened_at > ? order by 1"
        return self._asked(query, moment)["run_id"].to_list()

    def written_by(self, run_id: str, target_system_id: str) -> pl.DataFrame:
        """Give the cells that a run wrote: `cell`, `event`, `value_before`, `is_later`."""
        return self._asked(sql.read("steps", "written_by_run"), run_id, target_system_id)

    def ledger_events(self) -> pl.DataFrame:
        """Give one row per thing that happened to a cell of the ledger, the oldest first."""
        return self._asked("from packed.ledger_events order by happened_at, run_id, cell")

    def check(self) -> list[FailedCheck]:
        """Ask every check of the house; an empty list means that the store is sound."""
        with self._reading() as store:
            return failed_checks(store)

    def _asked(self, query: str, *binds: object) -> pl.DataFrame:
        with self._reading() as store:
            return query_frame(store, query, *binds)

    @contextmanager
    def _reading(self) -> Iterator[Database]:
        if self.path.exists():
            with open_often(self.path, read_only=True) as store:
                yield store
        else:
            with open_database(None) as store:
                prepare(store)
                yield store

    @contextmanager
    def _writing(self, frames: Mapping[str, pl.DataFrame]) -> Iterator[Database]:
        """Open the store with frames as tables; all that is done becomes true at once, or not."""
        private_folder(self.path.parent)
        begun = open_often if self.path.exists() else open_database
        with begun(self.path) as store:
            for name, frame in frames.items():
                store.register(name, frame)
            store.begin()
            prepare(store)
            yield store
            reach("store.filled")
            store.commit()
        reach("store.committed")
