"""The cells that a server refuses without naming them are found, and all others are written."""

from typing import Any

import pytest

from sandbox.http.faults import Answer
from tests.load.loads import MANY, VALUES, counts, ledger
from tests.support.deployments import Post
from tests.support.faults import afterwards, first, refusing
from tests.support.village import CLINICS, form, lines, tracker, typed

SAYS_NOTHING = {
    "an error of the server": (500, {}),
    "a refusal that names nobody": (
        409,
        {
            "status": "ERROR",
            "conflicts": [
                {"errorCode": "E8002", "value": "failed", "objects": {"args": "[one, two]"}}
            ],
        },
    ),
    "a success that stored nothing": (
        200,
        {"status": "SUCCESS", "importCount": {"ignored": 9}, "conflicts": []},
    ),
}


@pytest.mark.parametrize("said", SAYS_NOTHING.values(), ids=SAYS_NOTHING.keys())
def test_who_is_guilty_is_found_in_few_requests_when_the_server_does_not_say(
    post: Post, said: tuple[int, dict[str, Any]]
) -> None:
    tracker(post, MANY)
    work, _ = post.plan()

    def is_guilty(value: dict[str, str]) -> bool:
        return (value["period"], value["orgUnit"], value["dataElement"]) == (
            "202609",
            CLINICS["b"],
            "deEnrolled1",
        )

    post.sandbox.faults.append(first(99, VALUES, refusing(is_guilty, *said), "POST"))

    loaded = post.load(work)

    assert loaded.counts == counts(loaded=35, refused=1)
    assert form(post) == [line for line in lines(MANY) if line[:3] != ("202609", "b", "enrolled")]
    assert post.posts <= 16
    assert ledger(post) == 35


def test_what_a_person_types_while_the_guilty_are_searched_stays(post: Post) -> None:
    tracker(post, MANY)
    work, _ = post.plan()

    def meanwhile(answer: Answer) -> Answer:
        typed(post, "month | clinic | what | number\n 202608 | a | cases | 7")
        return answer

    refusal = refusing(lambda value: value["orgUnit"] == CLINICS["c"], 500, {})
    post.sandbox.faults.append(first(99, VALUES, refusal, "POST"))
    post.sandbox.faults.append(first(1, VALUES, afterwards(meanwhile), "POST"))

    loaded = post.load(work)

    assert loaded.counts == counts(loaded=23, refused=12, drifted=1)
    assert form(post, of="clerk") == [("202608", "a", "cases", "7")]
    assert ledger(post) == 23
