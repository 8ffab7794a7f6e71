"""Where a run keeps its papers, who holds the lock, and files that are whole or not there."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from errno import EDQUOT, ENOSPC
from io import FileIO
from pathlib import Path
from typing import Any

from pipeline.config import TRANSFER_NAME
from pipeline.errors import LockedError, RefusedError, UnavailableError, UsageError
from pipeline.failpoints import reach

LATEST = "latest.json"
RUN_ID_FORMAT = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True)
class Deployment:
    """The folder that a ministry owns: configuration in, runs, store and publications out."""

    root: Path

    def transfer_folder(self, transfer: str) -> Path:
        """Give the folder of a transfer's configuration and mapping tables."""
        if not TRANSFER_NAME.fullmatch(transfer):
            raise UsageError(
                f"{transfer!r} cannot be the name of a transfer",
                remedy="use small letters, digits, - and _, beginning with a letter",
            )
        return self.root / "data" / "transfers" / transfer

    def configuration(self, transfer: str) -> Path:
        """Give the path of a transfer's transfer.toml."""
        return self.transfer_folder(transfer) / "transfer.toml"

    def mappings(self, transfer: str) -> Path:
        """Give the folder of a transfer's mapping tables."""
        return self.transfer_folder(transfer) / "mappings"

    def store(self, transfer: str) -> Path:
        """Give the path of a transfer's private store."""
        return self.root / "data" / "store" / f"{transfer}.duckdb"

    def published(self, transfer: str) -> Path:
        """Give the folder that analysts read."""
        return self.root / "data" / "published" / transfer

    def runs(self, transfer: str) -> Path:
        """Give the folder of all runs of a transfer."""
        return self.root / "data" / "runs" / transfer

    def holds(self, path: Path) -> bool:
        """Tell whether a path, followed to its end, lies in the deployment or where its data is."""
        homes = (self.root.resolve(), (self.root / "data").resolve())
        return any(path.resolve().is_relative_to(home) for home in homes)

    def transfers(self) -> list[str]:
        """List the transfers that have a configuration."""
        folder = self.root / "data" / "transfers"
        return sorted(path.parent.name for path in folder.glob("*/transfer.toml"))


@dataclass(frozen=True)
class RunFolder:
    """One run's papers."""

    path: Path

    @property
    def run_id(self) -> str:
        """Give the run's id, which is also its folder's name."""
        return self.path.name

    @property
    def responses(self) -> Path:
        """Give the folder of what the source said, byte for byte."""
        return self.path / "responses"

    @property
    def metadata(self) -> Path:
        """Give the folder of the metadata frames this run worked with."""
        return self.path / "metadata"

    @property
    def chunks(self) -> Path:
        """Give the folder of what was sent, and what was answered."""
        return self.path / "chunks"

    def read_json(self, name: str, made_by: str) -> Any:  # noqa: ANN401  # JSON has no narrower type
        """Read one of the run's JSON papers, or say which command makes it.

        Raises `RefusedError` when it is not whole.
        """
        path = self.require(name, made_by)
        return _read_json(path, f"`tally {made_by} {self.path.parent.name}` makes it again")

    def require(self, name: str, made_by: str) -> Path:
        """Give the path of a paper that must be there, or say which command makes it."""
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


@contextmanager
def run_lock(deployment: Deployment, transfer: str) -> Iterator[None]:
    """Hold the transfer for one process; the lock dies with its holder."""
    path = deployment.store(transfer).with_suffix(".lock")
    with on_disk(path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        path.touch(mode=0o600, exist_ok=True)
    with path.open("r+b", buffering=0) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = lock.readall().decode(errors="replace").strip() or "another process"
            raise LockedError(
                f"another run of {transfer} is under way: {holder}",
                where=str(path),
                remedy="wait until it ends; a lock whose holder died is free by itself",
            ) from None
        with on_disk(path):
            lock.truncate(0)
            _write_all(lock, f"process {os.getpid()}".encode())
        try:
            yield
        finally:
            lock.truncate(0)


@contextmanager
def whole_file(path: Path, mode: int = 0o640) -> Iterator[Path]:
    """Give a path to write to; the file appears under its name only when it is complete.

    The bytes are on the disk before the name is. On an error nothing is left behind.
    Raises `UnavailableError` when the disk does not take it.
    """
    with on_disk(path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        unfinished = path.with_name(f".{path.name}.part")
        try:
            yield unfinished
            unfinished.chmod(mode)
            _sync(unfinished)
            reach("file.written")
            unfinished.replace(path)
            _sync(path.parent)
        finally:
            unfinished.unlink(missing_ok=True)


@contextmanager
def on_disk(path: Path) -> Iterator[None]:
    """Let what is written here become a letter when the disk refuses it."""
    try:
        yield
    except OSError as fault:
        is_full = fault.errno in (ENOSPC, EDQUOT)
        raise UnavailableError(
            "the disk is full" if is_full else f"this cannot be written: {fault.strerror or fault}",
            where=str(path),
            remedy=f"{'make room' if is_full else 'mend that'}, then give the same command again; "
            "nothing is half-written",
        ) from fault


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file that is whole or not there."""
    with whole_file(path) as unfinished:
        unfinished.write_bytes(content)


def write_json(path: Path, content: object) -> None:
    """Write JSON that reads well and is the same for the same content."""
    text = json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False)
    write_bytes(path, text.encode() + b"\n")


def read_json_or_nothing(path: Path) -> Any:  # noqa: ANN401  # JSON has no narrower type
    """Read a JSON paper, or give None where there is none."""
    return _read_json(path, "set that run's folder aside") if path.exists() else None


def _read_json(path: Path, remedy: str) -> Any:  # noqa: ANN401  # as above
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        what = f"{path.name} of this run was changed by hand, or is damaged"
        raise RefusedError(what, where=str(path), remedy=remedy) from None


def append_line(path: Path, record: dict[str, Any]) -> None:
    """Add one JSON line, on the disk before this returns."""
    append_text(path, json.dumps(record, sort_keys=True, ensure_ascii=False) + "\n")


def append_text(path: Path, text: str) -> None:
    """Add a line to a file, whole or not at all; an earlier one that was cut by a crash goes."""
    with on_disk(path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        path.touch(mode=0o640, exist_ok=True)
        with path.open("r+b", buffering=0) as lines:
            end = _end_of_lines(lines)
            lines.truncate(end)
            lines.seek(end)
            try:
                _write_all(lines, text.encode())
                os.fsync(lines.fileno())
            except OSError:
                lines.truncate(end)
                raise


def _end_of_lines(lines: FileIO) -> int:
    """Find where the last whole line ends."""
    end = lines.seek(0, os.SEEK_END)
    if end == 0:
        return 0
    lines.seek(end - 1)
    if lines.read(1) == b"\n":
        return end
    lines.seek(0)
    return lines.readall().rfind(b"\n") + 1


def _write_all(file: FileIO, content: bytes) -> None:
    """Write to the end, however small the pieces are that the disk takes."""
    left = memoryview(content)
    while left:
        left = left[file.write(left) :]


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Read the JSON lines of a file; a last line that was cut by a crash is not one."""
    if not path.exists():
        return []
    lines = path.read_bytes().split(b"\n")
    return [json.loads(line) for line in lines[:-1] if line]


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
