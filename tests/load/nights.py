"""What the pages about guards and moved servers share: nights, and a line that breaks."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from pipeline.ledger.passed_guards import guards_passed
from pipeline.load.stage import load
from pipeline.plan.rules.guards import ANOTHER_TARGET
from pipeline.run.progress import Silence
from pipeline.run.records import LoadRecord
from pipeline.run.work import Work
from pipeline.text.errors import ServerError
from sandbox.http.faults import Answer, Ask
from tests.support.deployments import Post, now
from tests.support.faults import first

HERE = "00000000-0000-4000-8000-000000000000"
MOVED = "22222222-0000-4000-8000-000000000000"
COUNTS = """
    month  | clinic | what     | number
    202609 | a      | cases    | 5
    202609 | b      | girls    | 2
    202610 | a      | cases    | 6
"""
LATER = COUNTS.replace("| 5", "| 7")
TOMORROW = timedelta(hours=25)
OLD = {"old-plan": "the meeting was on Monday"}
MOVE = {ANOTHER_TARGET: "the ministry moved its server"}


def move(post: Post, system_id: str = MOVED) -> None:
    """Let the server be set up anew elsewhere: all is as it was, and it has another id."""
    post.world.system_id = system_id


def loaded_late(post: Post, work: Work, *, resume: bool = False, **allowed: str) -> LoadRecord:
    """Load a plan on the next day."""
    return load(
        work, post.client, Silence(), allowed, resume=resume, clock=lambda: now() + TOMORROW
    )


@contextmanager
def line_broken(post: Post, *, after: int) -> Iterator[None]:
    """Break the line when the target was read so many times, which ends a load."""
    reads = iter(range(99))

    async def strike(_request: object, ask: Ask) -> Answer:
        if next(reads) < after:
            return await ask()
        return Answer(500, [(b"content-type", b"text/html")], b"<html>down</html>")

    post.sandbox.faults.append(first(99, "/api/dataValueSets", strike, "GET"))
    with pytest.raises(ServerError):
        yield
    post.sandbox.faults.clear()


def interrupted(post: Post, work: Work) -> None:
    """Let a load send its values, and stop before they are read back."""
    with line_broken(post, after=1):
        post.load(work)


def ours(post: Post, system_id: str) -> int:
    return post.begin().store.ledger(system_id).height


def passed(work: Work) -> list[tuple[str, str]]:
    return [(told["guard"], told["reason"]) for told in guards_passed(work.run)]
