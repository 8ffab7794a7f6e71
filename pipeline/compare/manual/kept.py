"""What the manual side of a run leaves in its folder, and how it is read again."""

import shutil
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.compare.context import CompareContext
from pipeline.compare.rules.discrepancies import Tolerance
from pipeline.files.frames import write_frame
from pipeline.files.whole import read_json_or_nothing, write_json
from pipeline.run.folder import RunFolder
from schemas.frames import CellKeys, Frame, ManualFindings, TrackerLinks, Values, checked

RECORD = "manual.json"
VALUES = "manual_values.parquet"
FOLDER, UNFINISHED = "manual", ".manual.part"
_MODELS: dict[str, type[Frame]] = {
    "values": Values,
    "doubtful": CellKeys,
    "findings": ManualFindings,
    "tracker_links": TrackerLinks,
}


@dataclass(frozen=True)
class KeptManual:
    """What paper said when it was read, and with which settings it is compared.

    `values`: the key of the compared cell and `value`. `doubtful`: the key. `findings`: as the
    overview has them. `tracker_links`: `Links.tracker`, with `unknown` where an indicator behind
    the form cell could not be asked. `basis` names the extract and the mapping it was read for.
    """

    source: str
    read_at: datetime
    tolerance: Tolerance
    district_level: int
    sha256: str
    basis: str
    values: DataFrame[Values] = field(repr=False)
    doubtful: DataFrame[CellKeys] = field(repr=False)
    findings: DataFrame[ManualFindings] = field(repr=False)
    tracker_links: DataFrame[TrackerLinks] = field(repr=False)

    def keep(self, run: RunFolder) -> None:
        """Leave it in the run's folder, in the place of what was read before.

        manual.json goes first and comes last: it is the mark of completeness.
        """
        (run.path / RECORD).unlink(missing_ok=True)
        shutil.rmtree(run.path / FOLDER, ignore_errors=True)
        (run.path / UNFINISHED).rename(run.path / FOLDER)
        frames = _frame_paths(run)
        record: dict[str, Any] = {
            name: value for name, value in vars(self).items() if name not in frames
        }
        for name, path in frames.items():
            write_frame(path, getattr(self, name))
        record |= {"read_at": self.read_at.isoformat(), "tolerance": self.tolerance._asdict()}
        write_json(run.path / RECORD, record)


def read_kept_manual(context: CompareContext) -> KeptManual | None:
    """What was kept of the manual side; None where the run, as it is now, has none."""
    run = context.work.run
    record = read_json_or_nothing(run.path / RECORD)
    if record is None or record["basis"] != context.basis:
        return None
    frames = {
        name: checked(pl.read_parquet(path), _MODELS[name])
        for name, path in _frame_paths(run).items()
    }
    read_at = datetime.fromisoformat(record["read_at"])
    tolerance = Tolerance(**record["tolerance"])
    return KeptManual(**{**record, **frames, "read_at": read_at, "tolerance": tolerance})


def begin_manual(run: RunFolder) -> None:
    """Make an empty folder for a new reading; what was read before stands until that is whole."""
    shutil.rmtree(run.path / UNFINISHED, ignore_errors=True)
    (run.path / UNFINISHED).mkdir(mode=0o750)


def _frame_paths(run: RunFolder) -> dict[str, Path]:
    parts = ("doubtful", "findings", "tracker_links")
    inside = {part: run.path / FOLDER / f"{part}.parquet" for part in parts}
    return {"values": run.path / VALUES} | inside
