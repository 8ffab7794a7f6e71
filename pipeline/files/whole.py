"""Files that are whole or not there, and letters when the disk refuses them."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EDQUOT, ENOSPC
from io import FileIO
from pathlib import Path
from typing import Any

from pipeline.probes.failpoints import reach
from pipeline.text.errors import RefusedError, UnavailableError


@contextmanager
def whole_file(path: Path, mode: int = 0o640) -> Iterator[Path]:
    """A path to write to; the file appears under its name only when it is complete.

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
    """What a JSON file holds, None where there is none."""
    return read_json(path, "set that run's folder aside") if path.exists() else None


def read_json(path: Path, remedy: str) -> Any:  # noqa: ANN401  # as above
    """Read a JSON file; raises `RefusedError`, with this remedy, when it is not whole."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        raise damaged(path, remedy) from None


def damaged(path: Path, remedy: str) -> RefusedError:
    """The letter about a file of a run that says nothing Tally could have written."""
    what = f"{path.name} of this run was changed by hand, or is damaged"
    return RefusedError(what, where=str(path), remedy=remedy)


def write_all(file: FileIO, content: bytes) -> None:
    """Write to the end, however little the disk takes at once."""
    left = memoryview(content)
    while left:
        left = left[file.write(left) :]


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
