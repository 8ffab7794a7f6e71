"""The copy of the recordings in this project has every pair, and all that a client reads of it."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.sandbox.recordings.comparing import differences
from tests.sandbox.recordings.pairs import (
    GENERATIONS,
    RECORDINGS,
    STAGES,
    Pair,
    pairs_of,
    unclaimed,
)

ORIGINALS = Path(__file__).parents[4] / "shared" / "recordings"
Named = tuple[int, str, str]
READ_LESS = {
    "system settings": "one of them is read, the copy holds a few",
    "all tasks": "the copy holds those of table runs",
    "data set input periods": "the copy leaves out the name of a period, which is its id",
}
SAID_OF_EVERY_VALUE = ("comment", "followup")  # analytics say the same each time; the copy does not


def originals(generation: str) -> dict[Named, Any]:
    """What was recorded, by number, stage and name."""
    found = [json.loads(path.read_text()) for path in sorted(ORIGINALS.glob(f"{generation}/0*"))]
    numbers = [int(path.name[:4]) for path in sorted(ORIGINALS.glob(f"{generation}/0*"))]
    return {
        (number, one["stage"], one["name"]): one for number, one in zip(numbers, found, strict=True)
    }


def copies(generation: str) -> dict[Named, Pair]:
    """The pairs of this project, by number, stage and name."""
    listed = [pair for stage in STAGES for pair in pairs_of(generation, stage)]
    return {(pair.number, pair.stage, pair.name): pair for pair in listed}


def answer_in(pair: Pair) -> httpx.Response:
    """A copy's answer as it would come over the wire."""
    body = {"text": pair.text} if pair.json is None else {"json": pair.json}
    return httpx.Response(pair.status, headers=pair.answer, **body)


def recorded(original: dict[str, Any], copy: Pair) -> Pair:
    """An original in the shape of its copy."""
    request, response = original["request"], original["response"]
    headers = {name.lower(): text for name, text in response["headers"]}
    text = response["text"]
    body = response["json"]
    if request["path"].startswith("/api/analytics/") and isinstance(body, dict):
        for value in body.get("dataValues", []):
            assert [value.pop(name) for name in SAID_OF_EVERY_VALUE] == ["[aggregated]", False]
    is_page = bool(text) and text.lstrip().lower().startswith(("<html", "<!doctype"))
    return Pair(
        number=copy.number,
        stage=original["stage"],
        name=original["name"],
        method=request["method"],
        path=request["path"],
        query=request["query"],
        user=request["user"],
        headers=request["headers"],
        body=request["body"],
        at=copy.at,
        status=response["status"],
        answer=headers,
        json=body,
        text="<html>" if is_page else text,
    )


@pytest.mark.real
@pytest.mark.skipif(not ORIGINALS.exists(), reason="the original recordings are not beside us")
@pytest.mark.parametrize("generation", GENERATIONS)
def test_the_copy_lacks_nothing_that_a_client_reads(generation: str) -> None:
    recordings, ours, rules = originals(generation), copies(generation), unclaimed()

    assert recordings.keys() == ours.keys()
    lacking = []
    for name, copy in ours.items():
        original = recorded(recordings[name], copy)
        asked = ("method", "path", "query", "user", "status")
        lacking += [
            f"{name}: {part}" for part in asked if getattr(original, part) != getattr(copy, part)
        ]
        if any(rule.covers(copy, generation) for rule in rules) or copy.name in READ_LESS:
            continue
        lacking += [f"{name}: body sent"] if original.body != copy.body else []
        lacking += [f"{name}: {line}" for line in differences(original, answer_in(copy))]
    assert not lacking, "\n".join(lacking)


def test_the_copy_is_small() -> None:
    files = list((RECORDINGS / "pairs").rglob("*.gz"))

    assert len(files) == len(GENERATIONS) * len(STAGES)
    assert sum(path.stat().st_size for path in files) < 1_000_000
