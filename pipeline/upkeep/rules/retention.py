"""Choose what of the past may go: old and plentiful, and needed by nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class PastRun:
    """A run on the disk.

    `is_owed`: its load was interrupted and not read back, or no publication tells of it yet, so
    that a store made anew would have to read it back.
    """

    run_id: str
    began_at: datetime
    is_loaded: bool
    is_owed: bool


def old_runs(
    runs: Sequence[PastRun], now: datetime, older_than: timedelta, newest: int
) -> list[PastRun]:
    """The runs that are older than that and not among the newest so many, in their order.

    The newest run is never among them.
    """
    ordered = sorted(runs, key=lambda run: run.run_id)
    return [run for run in ordered[: -max(newest, 1)] if now - run.began_at > older_than]


def runs_to_keep(runs: Sequence[PastRun]) -> set[PastRun]:
    """The runs whose records somebody may still ask: the one loaded last, and those owed."""
    loaded = [run for run in runs if run.is_loaded]
    last = {max(loaded, key=lambda run: run.run_id)} if loaded else set()
    return last | {run for run in runs if run.is_owed}
