"""Each stage that a command runs leaves its beginning, its end and its counts in the run's log."""

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli.steps import (
    extract_step,
    load_step,
    plan_step,
    publish_step,
    report_step,
    transform_step,
)
from pipeline.run.logs import logging_into
from pipeline.run.session import Servers
from pipeline.run.work import Work
from pipeline.text.errors import RefusedError, UsageError
from tests.support.village import form, lines, tracker, village

COUNTS = """
    month  | clinic | what  | number
    202609 | a      | cases | 5
    202610 | b      | girls | 2
"""


def logged(work: Work) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (work.run.path / "log.jsonl").read_text().splitlines()]


def test_a_night_is_logged_stage_by_stage_with_its_counts(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS)
        work, both = post.begin(), Servers(post.client, post.client)
        with logging_into(work.run.path):
            extract_step(work, both)
            transform_step(work)
            plan_step(work, both, {})
            load_step(work, both, {})
            report_step(work, None)
            publish_step(work)

        assert form(post) == lines(COUNTS)
        log = logged(work)
        assert [(one["event"], one["stage"]) for one in log] == [
            (event, stage)
            for stage in ("extract", "transform", "plan", "load", "report", "publish")
            for event in ("begins", "ends")
        ]
        extracted, transformed, planned, loaded, _, published = log[1::2]
        assert (extracted["periods"], extracted["org_units"]) == (3, 3)
        assert (transformed["rows"], transformed["rejects"], transformed["values"]) == (2, 0, 2)
        assert planned["actions"] == {"create": 2}
        assert (loaded["loaded"], loaded["refused"], loaded["requests"]) == (2, 0, 1)
        assert published["rows"]["packed.ledger"] == 2


def test_an_indicator_that_could_not_be_asked_is_named_on_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS)
        post.world.broken["piEnrolled1"] = "42703"
        work = post.begin()
        with logging_into(work.run.path):
            extract_step(work, Servers(post.client, post.client))

    said = capsys.readouterr()
    assert "program indicator piEnrolled1 could not be asked: " in said.err
    assert said.out == ""


def test_a_stage_that_a_letter_stops_is_logged_with_the_letter(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        work = post.begin()
        with logging_into(work.run.path), pytest.raises(UsageError):
            transform_step(work)

    begins, stopped = logged(work)
    assert (begins["event"], stopped["event"], stopped["level"]) == ("begins", "stopped", "error")
    assert "extract.json" in stopped["what"]


def test_a_plan_that_a_guard_stops_loads_only_with_a_reason(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS)
        post.night()
        tracker(post, "month | clinic | what | number\n 202609 | a | cases | 5")
        post.configure(guards={"min_extract_share": 0.9})
        work, both = post.transform()[0], Servers(post.client, post.client)
        reason = {"shrunken-extract": "b moved to paper"}

        plan_step(work, both, {})
        with pytest.raises(RefusedError, match="shrunken-extract"):
            load_step(work, both, {})
        assert load_step(work, both, reason | {"site-retractions": "b moved to paper"}).is_whole
