"""Choose what of the past may go: old and plentiful."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class PastRun:
    """A run that left something on the disk."""

    run_id: str
    began_at: datetime


def old_runs(
    runs: Sequence[PastRun], now: datetime, older_than: timedelta, newest: int
) -> list[PastRun]:
    """The runs that are older than that and not among the newest so many, in their order.

    The newest run is never among them.
    """
    ordered = sorted(runs, key=lambda run: run.run_id)
    return [run for run in ordered[: -max(newest, 1)] if now - run.began_at > older_than]
