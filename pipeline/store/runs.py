"""The runs that the store knows, and how far each came."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime

import polars as pl

from pipeline.store.file import StoreFile
from pipeline.store.records import Database, RunRecord
from pipeline.store.steps import do, insist
from pipeline.text.errors import RefusedError


class RunTables(StoreFile):
    """One row per run: what went into it, its stage, and what its plan and load came to."""

    def runs(self) -> pl.DataFrame:
        """One row per run, the newest first."""
        return self._asked("from packed.runs order by run_id desc")

    def latest_run(self) -> RunRecord | None:
        """What went into the newest run, or None before the first."""
        names = [field.name for field in fields(RunRecord)]
        newest = self.runs().select(names).head(1).to_dicts()
        if not newest:
            return None
        return RunRecord(**newest[0] | {"started_at": newest[0]["started_at"].replace(tzinfo=UTC)})

    def record_planned(self, run_id: str, actions: Mapping[str, int], at: datetime) -> None:
        """Remember that the run has a plan, with so many cells for each action."""
        counts = _counted("action", actions)
        with self._writing({"counted_actions": counts}) as store:
            if _stage_of(store, run_id) == "loaded":
                raise RefusedError(
                    f"run {run_id} was loaded; it cannot be planned again",
                    where=str(self.path),
                    remedy="begin a new run with `tally run NAME`",
                )
            do(store, "mark_run_planned", at, run_id)
            do(store, "forget_actions", run_id)
            do(store, "add_actions", run_id)

    def record_loaded(self, run_id: str, outcomes: Mapping[str, int], at: datetime) -> None:
        """Remember that the run's plan was loaded, with so many cells for each outcome."""
        counts = _counted("outcome", outcomes)
        with self._writing({"counted_outcomes": counts}) as store:
            _stage_of(store, run_id)
            do(store, "mark_run_loaded", at, run_id)
            do(store, "forget_outcomes", run_id)
            do(store, "add_outcomes", run_id)
            insist(store, run_id, {"ledger", "ledger_events", "runs"})


def _stage_of(store: Database, run_id: str) -> str:
    """How far a run came: transformed, planned or loaded."""
    found = store.execute("select stage from packed.runs where run_id = ?", [run_id]).fetchall()
    if not found:
        raise RefusedError(
            f"the store has no run {run_id}",
            remedy="give `tally transform NAME` before `tally plan NAME`",
        )
    return str(found[0][0])


def _counted(name: str, counts: Mapping[str, int]) -> pl.DataFrame:
    """One row per name of what was counted: `name`, `cells`."""
    shape = {name: pl.String, "cells": pl.Int64}
    return pl.DataFrame([*counts.items()], schema=shape, orient="row")
