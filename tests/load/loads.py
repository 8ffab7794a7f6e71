"""What the pages about loads share: the numbers of a village, and how to look at a load."""

import json
from typing import Any

import pytest
from starlette.requests import Request

from pipeline.load.throttle import ThrottleLimits
from sandbox.http.faults import Answer, Ask, Fault
from schemas.vocabulary import OUTCOMES
from tests.support.deployments import Post

VALUES = "/api/dataValueSets"
GENERATIONS = pytest.mark.parametrize("generation", ["2.42", "2.43"])
COUNTS = """
    month  | clinic | what     | number
    202609 | a      | cases    | 5
    202609 | b      | girls    | 2
    202610 | a      | cases    | 6
    202610 | b      | boys     | 3
    202610 | c      | enrolled | 4
"""


def journal(post: Post) -> list[dict[str, Any]]:
    """Give the notes of all loads, in their order."""
    paths = sorted(post.deployment.root.rglob("journal.jsonl"))
    return [json.loads(line) for path in paths for line in path.read_text().splitlines()]


def ledger(post: Post) -> int:
    """Count the cells that are ours."""
    return post.begin().store.ledger(post.world.system_id).height


def counts(**told: int) -> dict[str, int]:
    """Give the counts of a load, nought where nothing is said."""
    return dict.fromkeys(OUTCOMES, 0) | told


def takes_nothing_and_says(told: bytes) -> Fault:
    """Give a fault: the server says this, and stores nothing."""
    body = json.dumps({"response": json.loads(told)}).encode()

    async def strike(_request: Request, _ask: Ask) -> Answer:
        return Answer(200, [(b"content-type", b"application/json")], body)

    return strike


MANY = "\n".join(
    ["month | clinic | what | number"]
    + [
        f"{month} | {clinic} | {what} | 1"
        for month in ("202608", "202609", "202610")
        for clinic in "abc"
        for what in ("cases", "enrolled", "boys", "girls")
    ]
)
SMALL = ThrottleLimits(fewest_rows=1, most_rows=4, most_in_flight=2)
