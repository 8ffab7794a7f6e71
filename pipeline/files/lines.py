"""Lines that are added to a file whole, or not at all."""

import json
import os
from io import FileIO
from pathlib import Path
from typing import Any

from pipeline.files.whole import on_disk, write_all


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
                write_all(lines, text.encode())
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


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Read the JSON lines of a file; a last line that was cut by a crash is not one."""
    if not path.exists():
        return []
    lines = path.read_bytes().split(b"\n")
    return [json.loads(line) for line in lines[:-1] if line]
