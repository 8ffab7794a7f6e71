"""Recorded answers of real servers, as the client hands them on."""

import json

from pipeline.dhis2.http.answers import RawAnswer
from tests.sandbox.recordings.pairs import Pair, pairs_of


def answer_of(pair: Pair) -> RawAnswer:
    """Give what a server said in the shape the client gives it."""
    said = pair.text if pair.json is None else json.dumps(pair.json)
    kind = {name.lower(): text for name, text in pair.answer.items()}.get("content-type", "")
    return RawAnswer(
        path=pair.path,
        status=pair.status,
        content_type=kind.split(";")[0].strip().lower(),
        body=(said or "").encode(),
    )


def recorded(generation: str, method: str, path: str) -> list[Pair]:
    """Give the recorded pairs of a path, of the stages that ask as a transfer does."""
    return [
        pair
        for stage in ("analytics", "values", "claims")
        for pair in pairs_of(generation, stage)
        if (pair.method, pair.path) == (method, path)
    ]
