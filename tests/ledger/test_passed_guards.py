"""Which guards a run passed is told from its plan and from its load, with the reasons."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.ledger import journal
from pipeline.ledger.passed_guards import guards_passed
from pipeline.run.folder import RunFolder
from pipeline.run.records import write_record
from pipeline.run.seal import PlanRecord

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
GREW = {"guard": "growth", "saw": "7 cells grew", "usual": "none"}
GONE = {"guard": "retractions", "saw": "600 would go", "usual": "at most 500"}
AGED = {"guard": "old-plan", "saw": "30 hours", "usual": "24 hours", "reason": "a feast"}


@pytest.fixture(name="run")
def a_run(tmp_path: Path) -> RunFolder:
    folder = tmp_path / "20261120T120000Z"
    folder.mkdir()
    return RunFolder(folder)


def plan(run: RunFolder, *alarms: dict[str, str], **allowed: str) -> None:
    reasons = tuple({"guard": guard, "reason": why} for guard, why in allowed.items())
    write_record(run, PlanRecord(NOON, alarms, reasons))


def load(run: RunFolder, *passes: dict[str, str]) -> None:
    journal.begin(run, journal.Begun("system", "tally"), passes, NOON)


def test_a_run_without_plan_and_load_passed_nothing(run: RunFolder) -> None:
    assert guards_passed(run) == []


def test_of_a_plan_only_the_guards_that_alarmed_and_were_allowed_were_passed(
    run: RunFolder,
) -> None:
    plan(run, GREW, GONE, growth="a campaign", **{"shrunken-extract": "a strike"})

    assert guards_passed(run) == [GREW | {"reason": "a campaign"}]


def test_the_guards_of_the_load_follow_those_of_the_plan(run: RunFolder) -> None:
    plan(run, GREW, growth="a campaign")
    load(run, AGED)

    assert guards_passed(run) == [GREW | {"reason": "a campaign"}, AGED]


def test_a_load_that_went_on_passed_what_it_passed_before_and_after(run: RunFolder) -> None:
    load(run, AGED)
    journal.resume(run, [AGED, GONE | {"reason": "all retired"}], NOON)

    assert guards_passed(run) == [AGED, GONE | {"reason": "all retired"}]
