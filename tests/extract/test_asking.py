"""Everything is asked together, and what gave no row once more by itself; answers are kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.dhis2.analytics import utc_now
from pipeline.extract.asking import JointAnswers, ask_each_alone, ask_jointly
from pipeline.extract.context import ExtractContext, read_extract_context
from pipeline.extract.rules.narrowing import WHOLE_SCOPE, Only
from pipeline.run.metadata import TargetFrames
from pipeline.run.progress import Silence
from pipeline.run.responses import read_responses
from pipeline.run.work import Work
from pipeline.text.errors import UsageError
from tests.support.deployments import Post
from tests.support.village import CLINICS, MONTHS, tracker, village

COUNTS = """
    month  | clinic | what     | number
    202609 | a      | cases    | 5
    202610 | c      | girls    | 4
"""


@pytest.fixture(name="post")
def village_with_counts(tmp_path: Path) -> Iterator[Post]:
    with village(tmp_path) as post:
        tracker(post, COUNTS)
        yield post


class Counting(Silence):
    """Counts the steps, and the rows that they brought."""

    def __init__(self) -> None:
        self.total, self.steps, self.rows = 0, 0, 0

    def begin(self, total: int, *, of_rows: bool = False) -> None:
        assert not of_rows
        self.total = total

    def step(self, rows: int = 0) -> None:
        self.steps += 1
        self.rows += rows


def context_of(post: Post, only: Only = WHOLE_SCOPE) -> tuple[Work, ExtractContext]:
    work = post.begin()
    return work, read_extract_context(work, post.client, post.client, only, sleep=lambda _: None)


def jointly(post: Post, steps: Silence) -> tuple[Work, JointAnswers]:
    work, context = context_of(post)
    return work, ask_jointly(work, post.client, context.scope, steps, utc_now)


def test_a_context_knows_both_servers_and_what_is_asked(post: Post) -> None:
    work, context = context_of(post)

    assert context.scope.periods == list(MONTHS)
    assert context.scope.org_units["id"].to_list() == [CLINICS[letter] for letter in "abc"]
    assert context.source_info.system_id == context.target_info.system_id
    assert TargetFrames.read(work.run).data_sets["id"].to_list() == ["dsMonthly01"]


def test_a_context_may_be_narrowed_and_never_widened(post: Post) -> None:
    _, context = context_of(post, Only((CLINICS["b"],), ("202610",)))

    assert context.scope.org_units["id"].to_list() == [CLINICS["b"]]
    assert context.scope.periods == ["202610"]
    with pytest.raises(UsageError, match="no org unit of this transfer"):
        context_of(post, Only(("ouElsewhere",)))


def test_joint_answers_say_which_indicators_had_a_row(post: Post) -> None:
    steps = Counting()

    work, joint = jointly(post, steps)

    assert joint == JointAnswers(frozenset({"piCases0001", "piBySex0001"}), {})
    assert (steps.total, steps.steps, steps.rows) == (2, 2, 2)
    assert sum(kept.rows.height for kept in read_responses(work.run, "joint")) == 2


def test_the_silence_of_one_that_was_asked_alone_is_believed(post: Post) -> None:
    work, context = context_of(post)

    alone = ask_each_alone(
        work,
        post.client,
        context.scope,
        Counting(),
        utc_now,
        indicators=["piEnrolled1", "piCases0001"],
    )

    assert (alone.silent, alone.failed) == (["piEnrolled1"], {})
    kept = list(read_responses(work.run, "alone"))
    assert [one.question.program_indicators for one in kept] == [("piEnrolled1",), ("piCases0001",)]
    assert [one.rows.height for one in kept] == [0, 1]


def test_one_that_cannot_be_run_is_no_silence(post: Post) -> None:
    post.world.broken["piCases0001"] = "42703"
    work, context = context_of(post)

    alone = ask_each_alone(
        work, post.client, context.scope, Silence(), utc_now, indicators=["piCases0001"]
    )

    assert alone.silent == []
    assert {name: letter.code for name, letter in alone.failed.items()} == {"piCases0001": "E7145"}
    assert not list(work.run.responses.glob("*"))


def test_nothing_to_ask_again_asks_nothing(post: Post) -> None:
    work, context = context_of(post)
    post.sandbox.requests.clear()

    alone = ask_each_alone(work, post.client, context.scope, Silence(), utc_now, indicators=[])

    assert (alone.silent, alone.failed, list(post.sandbox.requests)) == ([], {}, [])
