"""What was about to be sent, what was answered, and what was read back: on the disk first."""

from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.runs import RunFolder, append_line, read_lines, write_bytes
from pipeline.stages.papers import write_frame
from pipeline.transform.cells import KEY
from pipeline.transform.payloads import Group, compressed, fingerprint

JOURNAL = "journal.jsonl"
_OPEN = ("sent", "answered")
_INTENT = (*KEY, "send", "delete", "tracker_value")


def intend(run: RunFolder, group: Group) -> None:
    """Keep what is about to be written, before a byte of it leaves."""
    write_frame(_intent_path(run, group.number), group.rows.select(_INTENT))


def sent(run: RunFolder, number: int, name: str, body: bytes, at: datetime) -> None:
    """Keep one request of a group as it leaves; `name` tells it from the others."""
    write_bytes(run.chunks / f"{number:04d}-{name}.json.gz", compressed(body))
    _note(run, number, "sent", at, request=name, sha256=fingerprint(body))


def answered(run: RunFolder, number: int, name: str, summary: dict[str, Any], at: datetime) -> None:
    """Keep what the server said about one request."""
    _note(run, number, "answered", at, request=name, summary=summary)


def confirmed(run: RunFolder, number: int, counts: dict[str, int], at: datetime) -> None:
    """Keep that a group was read back and the ledger tells it."""
    _note(run, number, "confirmed", at, counts=counts)


def interrupted(run: RunFolder) -> dict[int, pl.DataFrame]:
    """Give the rows of every group that was sent and never confirmed, by its number."""
    states: dict[int, str] = {}
    for record in read_lines(run.chunks / JOURNAL):
        states[record["group"]] = record["state"]
    return {
        number: pl.read_parquet(_intent_path(run, number))
        for number, state in states.items()
        if state in _OPEN
    }


def _intent_path(run: RunFolder, number: int) -> Path:
    return run.chunks / f"{number:04d}.parquet"


def _note(run: RunFolder, number: int, state: str, at: datetime, **told: object) -> None:
    append_line(
        run.chunks / JOURNAL, {"group": number, "state": state, "at": at.isoformat(), **told}
    )
