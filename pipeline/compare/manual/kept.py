"""What the manual side of a run leaves in its folder, and how it is read again."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.compare.context import CompareContext
from pipeline.compare.rules.discrepancies import Tolerance
from pipeline.files.frames import write_frame
from pipeline.run.folder import RunFolder
from pipeline.run.records import Moment, Record, find_record, write_record
from schemas.comparison import ManualFindings, TrackerLinks
from schemas.frames import Frame, checked
from schemas.values import CellKeys, Values

VALUES = "manual_values.parquet"
FOLDER, UNFINISHED = "manual", ".manual.part"
_MODELS: dict[str, type[Frame]] = {
    "values": Values,
    "doubtful": CellKeys,
    "findings": ManualFindings,
    "tracker_links": TrackerLinks,
}


@dataclass(frozen=True)
class ManualRecord(Record):
    """When and how paper was read, and with which settings it is compared.

    `basis` names the extract and the mapping it was read for.
    """

    FILE = "manual.json"
    MADE_BY = "report"

    source: str
    read_at: Moment
    tolerance: Tolerance
    district_level: int
    sha256: str
    basis: str

    def as_record(self) -> dict[str, Any]:
        """The record as JSON keeps it."""
        return super().as_record() | {"tolerance": self.tolerance._asdict()}


@dataclass(frozen=True)
class KeptManual(ManualRecord):
    """What paper said when it was read.

    `values`: the key of the compared cell and `value`. `doubtful`: the key. `findings`: as the
    overview has them. `tracker_links`: `Links.tracker`, with `unknown` where an indicator behind
    the form cell could not be asked.
    """

    values: DataFrame[Values] = field(repr=False)
    doubtful: DataFrame[CellKeys] = field(repr=False)
    findings: DataFrame[ManualFindings] = field(repr=False)
    tracker_links: DataFrame[TrackerLinks] = field(repr=False)

    def keep(self, run: RunFolder) -> None:
        """Leave it in the run's folder, in the place of what was read before.

        manual.json goes first and comes last: it is the mark of completeness.
        """
        (run.path / self.FILE).unlink(missing_ok=True)
        shutil.rmtree(run.path / FOLDER, ignore_errors=True)
        (run.path / UNFINISHED).rename(run.path / FOLDER)
        frames = _frame_paths(run)
        for name, path in frames.items():
            write_frame(path, getattr(self, name))
        members = {name: value for name, value in vars(self).items() if name not in frames}
        write_record(run, ManualRecord(**members))


def read_kept_manual(context: CompareContext) -> KeptManual | None:
    """What was kept of the manual side; None where the run, as it is now, has none."""
    run = context.work.run
    record = find_record(run, ManualRecord)
    if record is None or record.basis != context.basis:
        return None
    frames: dict[str, Any] = {
        name: checked(pl.read_parquet(path), _MODELS[name])
        for name, path in _frame_paths(run).items()
    }
    return KeptManual(**vars(record), **frames)


def begin_manual(run: RunFolder) -> None:
    """Make an empty folder for a new reading; what was read before stands until that is whole."""
    shutil.rmtree(run.path / UNFINISHED, ignore_errors=True)
    (run.path / UNFINISHED).mkdir(mode=0o750)


def _frame_paths(run: RunFolder) -> dict[str, Path]:
    parts = ("doubtful", "findings", "tracker_links")
    inside = {part: run.path / FOLDER / f"{part}.parquet" for part in parts}
    return {"values": run.path / VALUES} | inside
