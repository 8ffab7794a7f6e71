"""What a load did, line by line: every line is on the disk before the next thing happens.

A chunk is `planned`, its requests are `sent` and `answered`, and it is `confirmed` once it was
read back and its outcomes are kept. Where the ledger was lost, a confirmed chunk is `reopened`,
and is read back once more. The frames beside these lines are in chunks.py.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from threading import Lock
from typing import Any, NamedTuple

from pipeline.files.lines import append_line, read_lines
from pipeline.files.whole import write_bytes
from pipeline.run.folder import RunFolder

JOURNAL = "journal.jsonl"
_ONE_AT_A_TIME = Lock()


class Begun(NamedTuple):
    """Into which system a load began to write, and by whom.

    `moved_from`: the system id that this system had before, if the load was told that it moved.
    """

    target_system_id: str
    account: str
    moved_from: str | None = None


class OpenChunk(NamedTuple):
    """A chunk that was begun and never confirmed, and whether any request of it left."""

    number: int
    was_sent: bool


def begin(run: RunFolder, begun: Begun, passes: Sequence[Mapping[str, str]], at: datetime) -> None:
    """Note that this run's load begins, and the guards that it passes, before it changes anything.

    Of each guard its name (`guard`), what it `saw`, what is `usual`, and the `reason` given.
    """
    _note(run, 0, "begun", at, **begun._asdict(), passes=[*passes])


def resume(run: RunFolder, passes: Sequence[Mapping[str, str]], at: datetime) -> None:
    """Note which guards a load passes to go on, beside those that it passed before."""
    noted = {one["guard"] for one in passes_of_load(run)}
    if more := [one for one in passes if one["guard"] not in noted]:
        _note(run, 0, "resumed", at, passes=more)


def begun(run: RunFolder) -> Begun | None:
    """Where and by whom this run's load was begun; None when it was not."""
    for record in read_lines(run.chunks / JOURNAL):
        if record["state"] == "begun":
            moved_from = record.get("moved_from")
            return Begun(record["target_system_id"], record["account"], moved_from)
    return None


def passes_of_load(run: RunFolder) -> list[dict[str, str]]:
    """The guards that the load passed, as they were noted."""
    noted = read_lines(run.chunks / JOURNAL)
    return [one for record in noted for one in record.get("passes", [])]


def planned(run: RunFolder, number: int, data_set: str, rows: int, at: datetime) -> None:
    """Note that a chunk of so many rows is about to be written."""
    _note(run, number, "planned", at, data_set=data_set, rows=rows)


def sent(
    run: RunFolder, number: int, name: str, packed: bytes, *, sha256: str, at: datetime
) -> None:
    """Keep one request of a chunk as it leaves; `name` tells it from others.

    `sha256` is the fingerprint of what is in the packed body.
    """
    write_bytes(run.chunks / f"{number:04d}-{name}.json.gz", packed)
    _note(run, number, "sent", at, request=name, sha256=sha256)


def answered(run: RunFolder, number: int, name: str, summary: dict[str, Any], at: datetime) -> None:
    """Note what the server said about one request."""
    _note(run, number, "answered", at, request=name, summary=summary)


def confirmed(run: RunFolder, number: int, counts: Mapping[str, int], at: datetime) -> None:
    """Note that a chunk was read back, with so many cells for each outcome."""
    _note(run, number, "confirmed", at, counts=dict(counts))


def open_chunks(run: RunFolder) -> list[OpenChunk]:
    """The chunks that were begun and never confirmed, by their numbers."""
    return [
        OpenChunk(number, "sent" in seen)
        for number, seen in sorted(_states(run).items())
        if "planned" in seen and "confirmed" not in seen
    ]


def confirmed_chunks(run: RunFolder) -> list[int]:
    """The numbers of the chunks that were read back since they were last opened."""
    return [number for number, seen in sorted(_states(run).items()) if "confirmed" in seen]


def reopen(run: RunFolder, at: datetime) -> int:
    """Note that every confirmed chunk has to be read back again; give how many there are."""
    done = confirmed_chunks(run)
    for number in done:
        _note(run, number, "reopened", at)
    return len(done)


def _states(run: RunFolder) -> dict[int, set[str]]:
    """What happened to each chunk since it was last opened."""
    states: dict[int, set[str]] = {}
    for record in read_lines(run.chunks / JOURNAL):
        seen = states.setdefault(record["chunk"], set())
        if record["state"] == "reopened":
            seen.discard("confirmed")
        else:
            seen.add(record["state"])
    return states


def requests(run: RunFolder) -> int:
    """How many writing requests ever left."""
    return sum(record["state"] == "sent" for record in read_lines(run.chunks / JOURNAL))


def next_number(run: RunFolder) -> int:
    """The number of the next chunk."""
    return max((record["chunk"] for record in read_lines(run.chunks / JOURNAL)), default=0) + 1


def _note(run: RunFolder, number: int, state: str, at: datetime, **details: object) -> None:
    record = {"chunk": number, "state": state, "at": at.isoformat(), **details}
    with _ONE_AT_A_TIME:
        append_line(run.chunks / JOURNAL, record)
