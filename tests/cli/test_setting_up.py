"""The first two commands of an officer: begin a transfer, and check it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.deployments import NAME, Post
from tests.support.paper import PAPER, open_paper_form
from tests.support.terminal import tally
from tests.support.village import village


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with village(tmp_path) as opened:
        yield opened


def reach(post: Post) -> dict[str, str]:
    """Give the address that a new transfer, which names none, takes from the environment."""
    return {"DHIS2_URL": post.sandbox.url}


def test_a_suggested_transfer_tells_what_a_person_has_to_settle(post: Post) -> None:
    for one in post.world.metadata["programIndicators"]:
        if one["id"] == "piCases0001":
            one["aggregateExportDataElement"] = "deCases0001"

    said = tally(post, "init", "guess", "--suggest", **reach(post))
    checked = tally(post, "verify", "guess", **reach(post))

    assert said.code == 0
    assert said.out == ""
    assert "mapping rows suggested: 1; read them before you believe them" in said.err
    assert "to settle: piBySex0001, piEnrolled1: it names no data element" in said.err
    assert "next: edit transfer.toml, then tally verify guess" in said.err
    assert checked.code == 4  # the village's own transfer fills the same cells
    assert "overlapping-transfers" in checked.out
    assert "\n1 error" in checked.out


def test_a_form_on_paper_that_is_found_is_told(post: Post) -> None:
    open_paper_form(post)
    for kind in ("dataElements", "programIndicators"):
        for one in post.world.metadata[kind]:
            if one["id"] in {"deCases0001", "paCases0001"}:
                one["name"] = f"Cases ({one['id']})"
            if one["id"] == "piCases0001":
                one["aggregateExportDataElement"] = "deCases0001"

    said = tally(post, "init", "guess", "--suggest", **reach(post))

    assert "elements that may be compared with paper: 1; see mappings/manual.csv" in said.err
    assert f'data_set = "{PAPER}"' in post.deployment.configuration("guess").read_text()


def test_an_empty_transfer_says_what_to_fill_in(post: Post) -> None:
    said = tally(post, "init", "empty")
    checked = tally(post, "verify", "empty", **reach(post))
    again = tally(post, "init", "empty")

    assert said.code == 0
    assert (checked.code, again.code) == (2, 2)
    assert "name at least one program indicator" in checked.err
    assert "exists already" in again.err


def test_a_script_reads_findings_as_json(post: Post) -> None:
    healthy = tally(post, "verify", NAME, "--json")
    post.world.metadata["dataSets"][0]["periodType"] = "Weekly"
    sick = tally(post, "verify", NAME, "--json")

    assert (healthy.code, sick.code) == (0, 4)
    assert "error" not in {one["severity"] for one in json.loads(healthy.out)}
    (error,) = (one for one in json.loads(sick.out) if one["severity"] == "error")
    assert error["finding_id"] == "period-type"
    assert set(error) == {"finding_id", "severity", "what", "where", "remedy"}
    assert healthy.err == sick.err == ""
