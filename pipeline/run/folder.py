"""Where a run keeps its files, and how it is found."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.files.deployment import Deployment
from pipeline.files.whole import read_json
from pipeline.text.errors import UsageError

RUN_ID_FORMAT = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True)
class RunFolder:
    """One run's files."""

    path: Path

    @property
    def run_id(self) -> str:
        """The run's id, which is also its folder's name."""
        return self.path.name

    @property
    def responses(self) -> Path:
        """The folder of what the source said, byte for byte."""
        return self.path / "responses"

    @property
    def metadata(self) -> Path:
        """The folder of the metadata frames this run worked with."""
        return self.path / "metadata"

    @property
    def chunks(self) -> Path:
        """The folder of what was sent, and what was answered."""
        return self.path / "chunks"

    def read_json(self, name: str, made_by: str) -> Any:  # noqa: ANN401  # JSON has no narrower type
        """Read one of the run's JSON files, or say which command makes it.

        Raises `RefusedError` when it is not whole.
        """
        path = self.require(name, made_by)
        return read_json(path, self.remake(made_by))

    def remake(self, made_by: str) -> str:
        """The remedy for a file that is damaged: the command that makes it again."""
        return f"`tally {made_by} {self.path.parent.name}` makes it again"

    def require(self, name: str, made_by: str) -> Path:
        """The path of a file that must be there; raises `UsageError` with its command."""
        path = self.path / name
        if not path.exists():
            raise UsageError(
                f"this run has no {name} yet",
                where=str(self.path),
                remedy=f"`tally {made_by} {self.path.parent.name}` makes it",
            )
        return path


def new_run(deployment: Deployment, transfer: str, now: datetime) -> RunFolder:
    """Make the folder of a run that begins now; its id is the moment, in UTC."""
    moment = now.strftime(RUN_ID_FORMAT)
    runs = deployment.runs(transfer)
    runs.mkdir(parents=True, exist_ok=True, mode=0o750)
    for attempt in range(100):
        path = runs / (moment if attempt == 0 else f"{moment}-{attempt:02d}")
        try:
            path.mkdir(mode=0o750)
        except FileExistsError:
            continue
        return RunFolder(path)
    raise UsageError(
        "a hundred runs began within this second",
        where=str(runs),
        remedy="look what starts them, then give the same command again",
    )


def find_run(deployment: Deployment, transfer: str, run_id: str | None) -> RunFolder:
    """Find the run that was named, or the newest."""
    runs = deployment.runs(transfer)
    known = sorted(path.name for path in runs.iterdir() if path.is_dir()) if runs.exists() else []
    if run_id is None and known:
        return RunFolder(runs / known[-1])
    if run_id in known:
        return RunFolder(runs / str(run_id))
    what = f"there is no run {run_id}" if run_id else "this transfer has no run yet"
    command = "runs" if known else "run"
    remedy = f"see `tally {command} {transfer}`"
    raise UsageError(what, where=str(runs), remedy=remedy)
