"""A part of a chunk goes out as often as it has to, until each of its cells has an outcome."""

from pathlib import Path

import pytest

from pipeline.files.lines import read_lines
from pipeline.ledger import journal
from pipeline.load.context import LoadContext
from pipeline.load.delivery import MOST_ROUNDS, Delivery
from pipeline.load.rules.payloads import Chunk
from schemas.load import ChunkRows
from tests.load.pretend import (
    Target,
    TargetAnswer,
    loading,
    loses_its_answer,
    only_says,
    refuses,
    rows_of,
)
from tests.support.village import DATA_SET, in_words, lines

PART = """
    month  | clinic | what  | send
    202609 | a      | cases | 1
    202609 | b      | cases | 2
    202609 | c      | cases | 3
    202609 | c      | girls | 4
"""
AS_PLANNED = lines(PART.replace("send", "number"))


def delivery(context: LoadContext, part: str = PART) -> Delivery:
    rows = rows_of(part, ChunkRows)
    return Delivery(context, Chunk(1, DATA_SET, rows), 1, rows)


def delivered(one: Delivery) -> dict[str, list[str]]:
    """Send once, read back, and finish: the clinics of each outcome."""
    one.send_once()
    ended = one.finish(one.context.read_current(one.chunk))
    assert ended.height == ended["cell"].n_unique() == one.rows.height
    told = in_words(ended, "outcome")
    return {outcome: [line[1] for line in told if line[3] == outcome] for *_, outcome in told}


def test_what_arrives_at_once_is_sent_once_and_noted(tmp_path: Path) -> None:
    target = Target()
    with loading(tmp_path, target) as context:
        assert delivered(delivery(context)) == {"loaded": [*"abcc"]}

    assert target.posts == [AS_PLANNED]
    assert journal.requests(context.work.run) == 1
    assert (context.work.run.chunks / "0001-01-1.json.gz").exists()
    states = [record["state"] for record in read_lines(context.work.run.chunks / journal.JOURNAL)]
    assert states == ["sent", "answered"]


def test_a_part_that_was_never_sent_is_read_and_then_sent(tmp_path: Path) -> None:
    target = Target()
    with loading(tmp_path, target) as context:
        one = delivery(context)
        outdated = context.read_current(one.chunk)
        target.type("month | clinic | what | number\n 202609 | a | cases | 9")

        ended = one.finish(outdated)

    assert in_words(ended, "outcome")[0] == ("202609", "a", "cases", "drifted")
    assert target.posts == [AS_PLANNED[1:]]


def test_what_was_written_though_its_answer_was_lost_is_not_sent_again(tmp_path: Path) -> None:
    target = Target()
    target.answers = [loses_its_answer]
    with loading(tmp_path, target) as context:
        assert delivered(delivery(context)) == {"loaded": [*"abcc"]}

    assert len(target.posts) == 1


@pytest.mark.parametrize(
    ("answer", "sizes"),
    [(only_says(429), [4, 4]), (only_says(502), [4, 2, 2]), (only_says(413), [4, 2, 2])],
    ids=["busy", "lost", "too large"],
)
def test_what_was_not_taken_goes_again_whole_or_in_halves(
    tmp_path: Path, answer: TargetAnswer, sizes: list[int]
) -> None:
    target = Target()
    target.answers = [answer]
    with loading(tmp_path, target) as context:
        assert delivered(delivery(context)) == {"loaded": [*"abcc"]}

    assert [len(post) for post in target.posts] == sizes
    assert target.lines == AS_PLANNED


def test_what_somebody_typed_before_the_second_request_is_left_alone(tmp_path: Path) -> None:
    target = Target()
    target.answers = [only_says(429)]

    def meanwhile(_seconds: float) -> None:
        target.type("month | clinic | what | number\n 202609 | b | cases | 9")

    with loading(tmp_path, target, sleep=meanwhile) as context:
        assert delivered(delivery(context)) == {"loaded": [*"acc"], "drifted": ["b"]}

    assert ("202609", "b", "cases", "9") in target.lines


@pytest.mark.parametrize(("by", "outcome"), [("tally", "loaded"), ("clerk", "unchanged")])
def test_what_stands_as_meant_before_the_second_request_is_ours_if_we_stored_it(
    tmp_path: Path, by: str, outcome: str
) -> None:
    target = Target()
    target.answers = [only_says(502)]

    def meanwhile(_seconds: float) -> None:
        target.type(PART.replace("send", "number"), by)

    with loading(tmp_path, target, sleep=meanwhile) as context:
        assert delivered(delivery(context)) == {outcome: [*"abcc"]}

    assert len(target.posts) == 1


def test_of_what_is_refused_as_one_only_the_guilty_cells_stay_refused(tmp_path: Path) -> None:
    target = Target()
    target.answers = [refuses("b")] * 99
    with loading(tmp_path, target) as context:
        assert delivered(delivery(context)) == {"loaded": [*"acc"], "refused": ["b"]}


def test_a_cell_that_is_never_taken_is_given_up_with_what_the_server_said(tmp_path: Path) -> None:
    target = Target()
    target.answers = [only_says(429)] * 99
    with loading(tmp_path, target) as context:
        one = delivery(context, "month | clinic | what | send\n 202609 | a | cases | 1")
        one.send_once()
        ended = one.finish(context.read_current(one.chunk))

    assert in_words(ended, "outcome", "reason") == [
        ("202609", "a", "cases", "refused", "the server answered BUSY (429): no")
    ]
    assert len(target.posts) <= 2 * (MOST_ROUNDS + 1)
