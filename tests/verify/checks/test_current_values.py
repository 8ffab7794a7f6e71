"""What the target tells of its values is tried before a run, and kept nowhere."""

import gzip
from pathlib import Path

import pytest
from starlette.requests import Request

from sandbox.http.faults import Answer, Ask
from tests.support.checking import checked, ids, one
from tests.support.village import tracker, village

COUNTS = "month | clinic | what | number\n202610 | a | cases | 5"
GENERATIONS = pytest.mark.parametrize("generation", ["2.42", "2.43"])


@GENERATIONS
def test_a_target_that_answers_what_it_is_asked_is_no_finding(
    tmp_path: Path, generation: str
) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        post.night()

        assert "current" not in ids(checked(post))


@pytest.mark.parametrize(
    ("stood", "told", "sentence"),
    [
        (b"202610", b"202511", "the period 202511, which was not asked for"),
        (b"deCases0001", b"deOther0001", "the data element deOther0001, which was not asked for"),
        (b"ouClinic00a", b"ouElsewhere", "the org unit ouElsewhere, which was not asked for"),
        (b"cocDefault1", b"", "an incomplete key"),
    ],
)
def test_an_answer_to_another_question_is_found(
    tmp_path: Path, stood: bytes, told: bytes, sentence: str
) -> None:
    async def exchange(request: Request, ask: Ask) -> Answer:
        answer = await ask()
        if not request.url.path.endswith("dataValueSets.csv"):
            return answer
        return answer._replace(body=gzip.decompress(answer.body).replace(stood, told))

    with village(tmp_path) as post:
        tracker(post, COUNTS)
        post.night()
        post.sandbox.faults.append(exchange)

        found = one(checked(post), "current")

    assert found.severity == "error"
    assert sentence in found.what
