"""What somebody typed since the plan stays, and is reported."""

from pathlib import Path

import polars as pl

from pipeline.load.rules.judging import DRIFTED
from pipeline.load.stage import load
from pipeline.run.progress import Silence
from tests.load.loads import COUNTS, GENERATIONS, MANY, SMALL, VALUES, counts, ledger
from tests.support.deployments import Post, outcomes
from tests.support.faults import first, too_many
from tests.support.village import form, in_words, tracker, typed, village


@GENERATIONS
def test_what_a_person_typed_between_plan_and_load_stays_and_is_reported(
    tmp_path: Path, generation: str
) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        work, _ = post.plan()
        typed(
            post,
            """
            month  | clinic | what  | number
            202609 | a      | cases | 7
            202609 | b      | girls | 2
            """,
        )

        loaded = post.load(work)

        assert not loaded.is_whole
        assert loaded.counts == counts(loaded=3, unchanged=1, drifted=1)
        assert form(post, of="clerk") == [
            ("202609", "a", "cases", "7"),
            ("202609", "b", "girls", "2"),
        ]
        drifted = outcomes(work).filter(pl.col("outcome") == "drifted")
        assert in_words(drifted, "reason") == [("202609", "a", "cases", DRIFTED)]
        assert ledger(post) == 3


@GENERATIONS
def test_a_cell_that_a_person_emptied_between_plan_and_load_stays_empty(
    tmp_path: Path, generation: str
) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        post.night()
        tracker(post, COUNTS.replace("| 5\n", "| 9\n"))
        work, _ = post.plan()
        typed(post, "month | clinic | what | number\n 202609 | a | cases | -")

        loaded = post.load(work)

        assert loaded.counts["drifted"] == 1
        assert ("202609", "a", "cases", "9") not in form(post)


def test_what_a_person_types_while_a_busy_server_is_left_alone_stays(post: Post) -> None:
    tracker(post, MANY)
    work, _ = post.plan()
    post.sandbox.faults.append(first(1, VALUES, too_many("9"), "POST"))

    def meanwhile(_seconds: float) -> None:
        typed(post, "month | clinic | what | number\n 202608 | c | girls | 7")

    loaded = load(work, post.client, Silence(), limits=SMALL, sleep=meanwhile)

    assert loaded.counts == counts(loaded=35, drifted=1)
    assert form(post, of="clerk") == [("202608", "c", "girls", "7")]


def test_a_part_that_waited_for_a_busy_server_and_drifted_whole_is_told(post: Post) -> None:
    tracker(post, MANY)
    work, _ = post.plan()
    post.sandbox.faults.append(first(1, VALUES, too_many("9"), "POST"))

    def meanwhile(_seconds: float) -> None:
        for what in ("cases", "enrolled", "boys", "girls"):
            typed(post, f"month | clinic | what | number\n 202608 | c | {what} | 7")

    loaded = load(work, post.client, Silence(), limits=SMALL, sleep=meanwhile)

    assert loaded.counts == counts(loaded=32, drifted=4)
