"""A plan is decided by one row for each cell that tracker, the target or the ledger knows of."""

from dataclasses import replace
from pathlib import Path

import polars as pl

from pipeline.extract.rules.narrowing import Only
from pipeline.extract.stage import extract
from pipeline.plan.assembling import assemble as assembled
from pipeline.plan.context import PlanContext, open_context
from pipeline.plan.rules.reasons import EXPIRED, NO_AUTHORITY
from pipeline.run.progress import Silence
from pipeline.transform.stage import transform
from tests.plan.test_context import opened
from tests.support.deployments import Post, now
from tests.support.village import (
    CLINICS,
    DATA_SET,
    WHATS,
    in_words,
    tracker,
    typed,
    village,
)

COUNTS = """
    month  | clinic | what  | number
    202609 | a      | cases | 5
    202610 | b      | cases | 6
"""
NUMBERS = ("tracker_value", "current_value", "ledger_value")


def assemble(context: PlanContext) -> pl.DataFrame:
    """All cells of a plan, as they are decided."""
    assembly = assembled(context)
    return assembly.cells(assembly.sides)


def asked_exceptions(post: Post) -> int:
    return sum("lockExceptions" in one.path for one in post.sandbox.requests)


def test_each_cell_has_one_row_with_what_each_side_holds(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS)
        post.night()
        tracker(post, COUNTS.replace("| 5", "| 7").replace("b      | cases", "c      | cases"))
        typed(post, "month | clinic | what | number\n 202608 | c | girls | 2")

        cells = assemble(opened(post))

        assert in_words(cells, *NUMBERS) == [
            ("202608", "c", "girls", "None", "2", "None"),
            ("202609", "a", "cases", "7.0", "5", "5.0"),
            ("202610", "b", "cases", "None", "6", "6.0"),
            ("202610", "c", "cases", "6.0", "None", "None"),
        ]
        assert cells["in_image"].all()
        assert cells["hold_reason"].null_count() == cells.height
        assert not cells["unread"].any()
        assert not cells["unknown"].any()


def test_what_is_ours_and_left_the_mapping_is_read_and_what_a_person_typed_there_is_not(
    tmp_path: Path,
) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS + "    202610 | c      | enrolled | 4\n")
        post.night()
        typed(post, "month | clinic | what | number\n 202610 | a | enrolled | 9")
        post.map(
            (what.indicator, what.options, what.element, what.combo, "")
            for name, what in WHATS.items()
            if name != "enrolled"
        )
        post.configure(source={"program_indicators": ["piCases0001", "piBySex0001"]})

        cells = assemble(opened(post))

        left = cells.filter(~pl.col("in_image"))
        assert in_words(left, *NUMBERS) == [("202610", "c", "enrolled", "None", "4", "4.0")]
        assert left["data_set"].to_list() == [DATA_SET]


def test_a_run_about_some_sites_leaves_what_is_ours_elsewhere_asleep(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS)
        post.night()
        work = post.begin()
        told = extract(work, post.client, post.client, Silence(), Only((CLINICS["a"],), ()))
        transform(work)

        cells = assemble(open_context(work, post.client, told, now()))

        assert in_words(cells, *NUMBERS) == [("202609", "a", "cases", "5.0", "5", "5.0")]


def test_lock_exceptions_are_asked_for_only_where_a_period_is_locked(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS)
        context = opened(post)
        assemble(context)
        assert asked_exceptions(post) == 0

        post.world.metadata["dataSets"][0]["expiryDays"] = 30.0
        post.world.lock_exceptions.add((DATA_SET, "202608", CLINICS["a"]))
        tracker(post, COUNTS.replace("202609", "202608") + " 202608 | b | cases | 1\n")
        cells = assemble(opened(post))

        assert asked_exceptions(post) == 1
        assert in_words(cells, "hold_reason") == [
            ("202608", "a", "cases", "None"),
            ("202608", "b", "cases", EXPIRED),
            ("202610", "b", "cases", "None"),
        ]


def test_an_account_that_may_not_write_holds_all_that_nothing_else_holds(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS)
        context = opened(post)
        account = replace(context.state.account, authorities=frozenset())
        context = replace(context, state=replace(context.state, account=account))

        assert set(assemble(context)["hold_reason"]) == {NO_AUTHORITY}


def test_what_tracker_could_not_be_asked_for_is_unknown(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS + "    202610 | b      | girls | 4\n")
        context = opened(post)
        unknown = {WHATS["cases"].indicator: "the server cannot run it"}
        context = replace(context, extract=replace(context.extract, unknown_indicators=unknown))

        assert in_words(assemble(context), "unknown") == [
            ("202609", "a", "cases", "True"),
            ("202610", "b", "cases", "True"),
            ("202610", "b", "girls", "False"),
        ]


def test_a_cell_of_which_a_row_was_rejected_is_unknown(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS)
        post.configure(rejects={"max_share": 1})
        typed(post, "month | clinic | what | number\n 202610 | b | cases | 6")
        tracker(post, COUNTS.replace("| 6", "| -6"))

        cells = assemble(opened(post))

        assert in_words(cells, "unknown", *NUMBERS) == [
            ("202609", "a", "cases", "False", "5.0", "None", "None"),
            ("202610", "b", "cases", "True", "None", "6", "None"),
        ]
