"""What the manual side of a run leaves in its folder, and how it is read again."""

import shutil
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.compare.rules.discrepancies import Tolerance
from pipeline.files.frames import write_frame
from pipeline.run.folder import RunFolder
from pipeline.run.records import (
    Extract,
    Moment,
    Record,
    TransformRecord,
    find_record,
    read_record,
    write_record,
)

VALUES = "manual_values.parquet"
FOLDER, UNFINISHED = "manual", ".manual.part"


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
class Manual(ManualRecord):
    """What paper said when it was read.

    `values`: the key of the compared cell and `value`. `doubtful`: the key. `findings`: as the
    overview has them. `tracker_links`: `Links.tracker`, with `unknown` where an indicator behind
    the form cell could not be asked.
    """

    values: pl.DataFrame = field(repr=False)
    doubtful: pl.DataFrame = field(repr=False)
    findings: pl.DataFrame = field(repr=False)
    tracker_links: pl.DataFrame = field(repr=False)

    def keep(self, run: RunFolder) -> None:
        """Leave it in the run's folder, in the place of what was read before.

        manual.json goes first and comes last: it is the mark of completeness.
        """
        (run.path / self.FILE).unlink(missing_ok=True)
        shutil.rmtree(run.path / FOLDER, ignore_errors=True)
        (run.path / UNFINISHED).rename(run.path / FOLDER)
        for name, path in _paths(run).items():
            write_frame(path, getattr(self, name))
        write_record(run, ManualRecord(**{k: v for k, v in vars(self).items() if k in _MEMBERS}))


_MEMBERS = frozenset(one.name for one in fields(ManualRecord))


def basis_of(run: RunFolder) -> str:
    """Name what a manual side is read for: the run's extract and its mapping."""
    extracted = read_record(run, Extract).started_at.isoformat()
    return f"{extracted} {read_record(run, TransformRecord).mapping_hash}"


def read_manual(run: RunFolder) -> Manual | None:
    """Read what was kept, or give None where the run, as it is now, has no manual side."""
    record = find_record(run, ManualRecord)
    if record is None or record.basis != basis_of(run):
        return None
    frames: dict[str, Any] = {name: pl.read_parquet(path) for name, path in _paths(run).items()}
    return Manual(**vars(record), **frames)


def begin_manual(run: RunFolder) -> None:
    """Make an empty folder for a new reading; what was read before stands until that is whole."""
    shutil.rmtree(run.path / UNFINISHED, ignore_errors=True)
    (run.path / UNFINISHED).mkdir(mode=0o750)


def _paths(run: RunFolder) -> dict[str, Path]:
    parts = ("doubtful", "findings", "tracker_links")
    inside = {part: run.path / FOLDER / f"{part}.parquet" for part in parts}
    return {"values": run.path / VALUES} | inside
