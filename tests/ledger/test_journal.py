"""What a load did is told by its lines alone, in the order in which it happened."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.ledger import journal
from pipeline.ledger.journal import Begun, OpenChunk
from pipeline.run.folder import RunFolder

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
OLD = {"guard": "old-plan", "saw": "3 days", "usual": "1 day", "reason": "the meeting"}
FEW = {"guard": "few-rows", "saw": "2 rows", "usual": "9 rows", "reason": "a strike"}


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path / "20261101T120000Z")


def follow(run: RunFolder, steps: str) -> None:
    """Note steps as `2 planned, 2 sent`; they are of chunk 2."""
    for step in steps.split(", "):
        number, what = int(step.split()[0]), step.split()[1]
        if what == "planned":
            journal.planned(run, number, "form", 3, NOON)
        elif what == "sent":
            journal.sent(run, number, "01-1", b"packed", sha256="f00d", at=NOON)
        elif what == "answered":
            journal.answered(run, number, "01-1", {"status": "SUCCESS"}, NOON)
        else:
            journal.confirmed(run, number, {"loaded": 3}, NOON)


@pytest.mark.parametrize(
    ("steps", "still_open"),
    [
        ("1 planned", [OpenChunk(1, was_sent=False)]),
        ("1 planned, 1 sent", [OpenChunk(1, was_sent=True)]),
        ("1 planned, 1 sent, 1 answered", [OpenChunk(1, was_sent=True)]),
        ("1 planned, 1 sent, 1 answered, 1 confirmed", []),
        ("1 planned, 1 confirmed", []),
        (
            "1 planned, 2 planned, 2 sent, 1 confirmed, 3 planned",
            [OpenChunk(2, was_sent=True), OpenChunk(3, was_sent=False)],
        ),
    ],
)
def test_a_chunk_is_open_from_its_plan_until_it_is_read_back(
    run: RunFolder, steps: str, still_open: list[OpenChunk]
) -> None:
    follow(run, steps)

    assert journal.open_chunks(run) == still_open


def test_a_load_that_never_began_has_nothing_noted(run: RunFolder) -> None:
    assert journal.begun(run) is None
    assert journal.open_chunks(run) == journal.confirmed_chunks(run) == []
    assert (journal.requests(run), journal.next_number(run)) == (0, 1)


def test_a_reopened_chunk_is_open_until_it_is_read_back_again(run: RunFolder) -> None:
    follow(run, "1 planned, 1 sent, 1 confirmed, 2 planned, 2 confirmed, 3 planned")

    assert journal.reopen(run, NOON) == 2
    assert journal.confirmed_chunks(run) == []
    assert [one.number for one in journal.open_chunks(run)] == [1, 2, 3]

    follow(run, "1 confirmed")
    assert journal.confirmed_chunks(run) == [1]


def test_requests_are_counted_and_the_next_chunk_has_the_next_number(run: RunFolder) -> None:
    follow(run, "1 planned, 1 sent, 1 sent, 1 confirmed, 4 planned, 4 sent")

    assert (journal.requests(run), journal.next_number(run)) == (3, 5)


def test_where_a_load_began_is_told_with_the_guards_that_it_passed(run: RunFolder) -> None:
    begun = Begun("system", "tally", "another")
    journal.begin(run, begun, [OLD], NOON)
    journal.resume(run, [OLD, FEW], NOON)
    journal.resume(run, [FEW], NOON)

    assert journal.begun(run) == begun
    assert journal.passes_of_load(run) == [OLD, FEW]
