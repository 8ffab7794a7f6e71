"""What a plan would stumble over when it reads the target is found beforehand."""

import gzip
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import Response

from sandbox.http.faults import Answer, Ask
from tests.support.checking import checked, ids, one
from tests.support.faults import answer_of, first, instead
from tests.support.village import tracker, village

VALUES = "/api/dataValueSets"


async def slow_below(request: Request, ask: Ask) -> Answer:
    is_slow = request.query_params.get("children") == "true"
    return answer_of(Response("", 504)) if is_slow else await ask()


@pytest.mark.parametrize("generation", ["2.42", "2.43"])
def test_a_firewall_before_the_values_is_named(generation: str, tmp_path: Path) -> None:
    page = Response("<html><title>Interdit</title></html>", 403, media_type="text/html")
    with village(tmp_path, generation) as post:
        post.sandbox.faults.append(first(1_000, VALUES, instead(page)))
        findings = checked(post)

    assert ids(findings) == {"readings"}
    assert "something before the server refused this" in one(findings, "readings").what


def test_a_target_that_is_slow_below_an_org_unit_is_a_warning(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        post.sandbox.faults.append(slow_below)
        findings = checked(post)

    assert ids(findings, "warning") == {"slow-below"}


def test_comments_that_are_no_text_are_a_warning(tmp_path: Path) -> None:
    table = (
        "dataelement,period,orgunit,categoryoptioncombo,attributeoptioncombo,"
        "value,storedby,lastupdated,comment,followup,deleted\n"
        "deCases0001,202610,ouClinic00a,cocDefault1,cocDefault1,"
        "7,clerk,2026-11-01T00:00:00.000,\u00e9t\u00e9,false,false\n"
    ).encode("latin-1")
    with village(tmp_path) as post:
        said = instead(Response(table, 200, media_type="application/csv"))
        post.sandbox.faults.append(first(1_000, VALUES, said))
        findings = checked(post)

    assert ids(findings) == {"damaged-comments"}
    assert one(findings, "damaged-comments").where.endswith(": 1")


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
        tracker(post, "month | clinic | what | number\n202610 | a | cases | 5")
        post.night()
        post.sandbox.faults.append(exchange)

        found = one(checked(post), "readings")

    assert found.severity == "error"
    assert sentence in found.what
