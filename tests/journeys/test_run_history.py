"""Afterwards a run tells what happened in it, and where its time went."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.deployments import NAME, Post
from tests.support.faults import first, html_instead
from tests.support.terminal import run, tally
from tests.support.village import tracker, village

COUNTS = """
    month  | clinic | what  | number
    202609 | a      | cases | 5
    202610 | a      | cases | 6
    202610 | b      | girls | 2
"""


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with village(tmp_path) as opened:
        tracker(opened, COUNTS)
        yield opened


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    with village(tmp_path_factory.mktemp("home")) as opened:
        (cases,) = [
            one for one in opened.world.metadata["programIndicators"] if one["id"] == "piCases0001"
        ]
        cases["name"] = "Fever cases"
        tracker(opened, COUNTS)
        assert run(opened).code == 0
        yield opened


def story(post: Post) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(tally(post, "show", NAME, "--json").out)
    return told


def test_a_run_tells_what_happened_stage_by_stage(loaded: Post) -> None:
    page = tally(loaded, "show", NAME).out

    for line in (
        "It was loaded.",
        "3 periods, 3 org units; 4 responses, ",
        "3 rows = 3 accepted + 0 rejected; 3 values",
        "3 appeared, 0 changed",
        ": 3 create",
        "3 loaded, 0 refused, 0 unchanged; 1 writing request",
        "| all |",
    ):
        assert line in page


def test_the_time_of_a_run_is_told_by_part(loaded: Post) -> None:
    timings = story(loaded)["timings"]

    parts = ["extract", "transform", "plan", "load", "confirm", "report", "publish"]
    assert [told["part"] for told in timings] == parts
    asked = {told["part"]: told["requests"] for told in timings}
    assert (asked["transform"], asked["confirm"], asked["publish"]) == (0, 1, 0)
    assert min(asked["extract"], asked["plan"], asked["load"]) > 0
    for told in timings:
        assert set(told["seconds"]) == {"network", "ours", "parse", "server"}
        assert min(told["seconds"].values()) >= 0
    assert timings[0]["seconds"]["server"] > 0
    assert timings[1]["seconds"]["server"] == 0


def test_a_stage_that_is_done_again_is_told_once(post: Post) -> None:
    for stage in ("extract", "transform", "plan", "transform", "plan"):
        tally(post, stage, NAME)

    told = story(post)

    assert told["stage"] == "plan"
    assert [one["part"] for one in told["timings"]] == ["extract", "transform", "plan"]


def test_a_run_that_was_stopped_tells_where_and_why(post: Post) -> None:
    tally(post, "run", NAME)
    post.configure(guards={"max_plan_age": "0s"})
    tally(post, "load", NAME)

    told = story(post)

    assert (told["stage"], told["load"]) == ("plan", None)
    assert [(stop["stage"], stop["what"]) for stop in told["stops"]] == [
        ("load", "the configuration changed after this plan was made")
    ]
    assert "stopped in load" in tally(post, "show", NAME).out


def test_a_run_whose_extract_failed_can_be_shown(post: Post) -> None:
    post.sandbox.faults.append(first(100, "/api/analytics", html_instead()))
    assert run(post).code != 0

    told = story(post)

    assert (told["stage"], told["extract"]) == ("begun", None)
    assert "It began, and its extract is not complete." in tally(post, "show", NAME).out
    assert [one["part"] for one in told["timings"]] == ["extract"]


def test_what_a_server_said_cannot_disturb_the_page(loaded: Post) -> None:
    path = next(loaded.deployment.runs(NAME).glob("*/extract.json"))
    told = json.loads(path.read_text())
    told["unknown_indicators"] = {"piCases0001": "<b>no</b> | **such** column"}
    path.write_text(json.dumps(told))

    shown = tally(loaded, "show", NAME).out
    assert "could not be asked: Fever cases (piCases0001): " in shown
    assert r"\<b\>no\</b\> \| \*\*such\*\* column" in shown
