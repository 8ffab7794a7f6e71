"""Objects are read by their ids, in halves where something on the way refuses a long question."""

import json

import httpx
import pytest

from pipeline.dhis2.objects import find_some
from pipeline.text.errors import TooLargeError
from tests.dhis2.http.script import Said, Script, door, says

IDS = ["deCases0001", "deEnrolled1", "deBySex0001"]


def listed(*ids: str) -> Said:
    return says(200, json.dumps({"dataElements": [{"id": one} for one in ids]}))


def asked_for(request: httpx.Request) -> str:
    return request.url.params["filter"]


@pytest.mark.parametrize(
    "refused", [says(414), says(403, "<html><title>Interdit</title>", kind="text/html")]
)
def test_ids_are_asked_in_halves_where_the_question_is_too_long(refused: Said) -> None:
    script = Script(refused, listed(IDS[0]), listed(*IDS[1:]))

    with door(script) as client:
        found = find_some(client, "dataElements", "id", IDS)

    assert list(found) == IDS
    assert [asked_for(one) for one in script.asked] == [
        f"id:in:[{','.join(IDS)}]",
        f"id:in:[{IDS[0]}]",
        f"id:in:[{','.join(IDS[1:])}]",
    ]


def test_one_id_that_is_refused_is_a_letter() -> None:
    script = Script(says(414))

    with door(script) as client, pytest.raises(TooLargeError):
        find_some(client, "dataElements", "id", IDS)

    assert len(script.asked) == 2
