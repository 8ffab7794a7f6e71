"""The chunk ledger: what was about to be sent, answered and read back, on the disk first.

A chunk is `planned`, its requests are `sent` and `answered`, and it is `confirmed` once it was
read back and its outcomes are kept. Every line is on the disk before the next thing happens.
Where the ledger was lost, a confirmed chunk is `reopened`, and is read back once more.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from threading import Lock
from typing import Any, NamedTuple

import polars as pl

from pipeline.cells.key import KEY
from pipeline.files.frames import write_frame
from pipeline.files.lines import append_line, read_lines
from pipeline.files.whole import write_bytes
from pipeline.load.rules.judging import TOLD
from pipeline.load.rules.payloads import Chunk, compressed, fingerprint
from pipeline.run.folder import RunFolder

JOURNAL = "journal.jsonl"
INTENT = (*KEY, "data_set", "send", "delete", "tracker_value")
_ONE_AT_A_TIME = Lock()


class Begun(NamedTuple):
    """Into which system a load began to write, and by whom.

    `moved_from`: the system id that this system had before, if the load was told that it moved.
    """

    target_system_id: str
    account: str
    moved_from: str | None = None


class Open(NamedTuple):
    """A chunk that was begun and never confirmed: its rows, and whether any request left."""

    number: int
    rows: pl.DataFrame
    was_sent: bool


def begin(run: RunFolder, begun: Begun, passes: Sequence[Mapping[str, str]], at: datetime) -> None:
    """Keep that this run's load begins, and the guards that it passes, before it changes anything.

    Of each guard its name (`guard`), what it `saw`, what is `usual`, and the `reason` given.
    """
    _note(run, 0, "begun", at, **begun._asdict(), passes=[*passes])


def resume(run: RunFolder, passes: Sequence[Mapping[str, str]], at: datetime) -> None:
    """Keep which guards a load passes to go on, beside those that it passed before."""
    noted = {one["guard"] for one in passes_of_load(run)}
    if more := [one for one in passes if one["guard"] not in noted]:
        _note(run, 0, "resumed", at, passes=more)


def begun(run: RunFolder) -> Begun | None:
    """Tell whether this run's load was begun, and where."""
    for record in read_lines(run.chunks / JOURNAL):
        if record["state"] == "begun":
            moved_from = record.get("moved_from")
            return Begun(record["target_system_id"], record["account"], moved_from)
    return None


def passes_of_load(run: RunFolder) -> list[dict[str, str]]:
    """List the guards that the load passed, as they were noted."""
    noted = read_lines(run.chunks / JOURNAL)
    return [one for record in noted for one in record.get("passes", [])]


def intend(run: RunFolder, chunk: Chunk, at: datetime) -> None:
    """Keep what is about to be written, before a byte of it leaves."""
    write_frame(run.chunks / f"{chunk.number:04d}.parquet", chunk.rows.select(INTENT))
    _note(run, chunk.number, "planned", at, data_set=chunk.data_set, rows=chunk.rows.height)


def sent(run: RunFolder, number: int, name: str, body: bytes, at: datetime) -> bytes:
    """Keep one request of a chunk as it leaves, and give it packed; `name` tells it from others."""
    packed = compressed(body)
    write_bytes(run.chunks / f"{number:04d}-{name}.json.gz", packed)
    _note(run, number, "sent", at, request=name, sha256=fingerprint(body))
    return packed


def answered(run: RunFolder, number: int, name: str, summary: dict[str, Any], at: datetime) -> None:
    """Keep what the server said about one request."""
    _note(run, number, "answered", at, request=name, summary=summary)


def confirmed(run: RunFolder, number: int, told: pl.DataFrame, at: datetime) -> None:
    """Keep that a chunk was read back and the ledger tells it; `told` has its outcomes."""
    write_frame(run.chunks / f"{number:04d}.outcomes.parquet", told.select(list(TOLD)))
    _note(run, number, "confirmed", at, counts=dict(told["outcome"].value_counts().rows()))


def interrupted(run: RunFolder) -> list[Open]:
    """List the chunks that were begun and never confirmed, by their numbers."""
    return [
        Open(number, pl.read_parquet(run.chunks / f"{number:04d}.parquet"), "sent" in seen)
        for number, seen in sorted(_states(run).items())
        if "planned" in seen and "confirmed" not in seen
    ]


def reopen(run: RunFolder, at: datetime) -> int:
    """Keep that every confirmed chunk has to be read back again; give how many there are."""
    done = [number for number, seen in sorted(_states(run).items()) if "confirmed" in seen]
    for number in done:
        _note(run, number, "reopened", at)
    return len(done)


def _states(run: RunFolder) -> dict[int, set[str]]:
    """Give what happened to each chunk since it was last opened."""
    states: dict[int, set[str]] = {}
    for record in read_lines(run.chunks / JOURNAL):
        seen = states.setdefault(record["chunk"], set())
        if record["state"] == "reopened":
            seen.discard("confirmed")
        else:
            seen.add(record["state"])
    return states


def told(run: RunFolder) -> pl.DataFrame:
    """Give the outcomes of all chunks that were confirmed: the key, outcome, reason."""
    numbers = [number for number, seen in sorted(_states(run).items()) if "confirmed" in seen]
    paths = [run.chunks / f"{number:04d}.outcomes.parquet" for number in numbers]
    return pl.concat([pl.DataFrame(schema=TOLD), *map(pl.read_parquet, paths)])


def requests(run: RunFolder) -> int:
    """Count the writing requests that ever left."""
    return sum(record["state"] == "sent" for record in read_lines(run.chunks / JOURNAL))


def next_number(run: RunFolder) -> int:
    """Give the number of the next chunk."""
    return max((record["chunk"] for record in read_lines(run.chunks / JOURNAL)), default=0) + 1


def _note(run: RunFolder, number: int, state: str, at: datetime, **told: object) -> None:
    record = {"chunk": number, "state": state, "at": at.isoformat(), **told}
    with _ONE_AT_A_TIME:
        append_line(run.chunks / JOURNAL, record)
