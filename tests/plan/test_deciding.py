"""Before a decision is believed, tracker is asked about its silence and the target about forms."""

from pathlib import Path

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.config.sections import Transfer
from pipeline.plan.deciding import (
    decide_and_confirm,
    decide_unless_approved,
    in_plan_order,
    policy_of,
)
from pipeline.plan.rules.policy import PlanPolicy
from schemas.plan import Plan, PlanCells
from tests.plan.test_approvals import asked
from tests.plan.test_context import opened
from tests.support.deployments import Post
from tests.support.frames import frame
from tests.support.village import CLINICS, DATA_SET, DEFAULT, in_words, key_of, tracker, village
from tests.support.whole_frames import whole

COUNTS = "month | clinic | what | number\n 202610 | b | girls | 6"
CELLS = """
    month  | clinic | what  | tracker | target | ours
    202609 | a      | cases | -       | 5      | 5
    202610 | b      | cases | 6       | -      | -
    202610 | c      | cases | 7       | 7      | 7
"""
MONTHS = [f"2026{month:02}" for month in range(6, 11)]


def cells(table: str = CELLS) -> DataFrame[PlanCells]:
    told = frame(table)
    keys = [key_of(*words)._asdict() for words in told.select("month", "clinic", "what").rows()]
    known = told.select(
        tracker_value=pl.col("tracker").cast(pl.Float64),
        current_value="target",
        ledger_value=pl.col("ours").cast(pl.Float64),
        data_set=pl.lit(DATA_SET),
        in_image=pl.lit(value=True),
    )
    return whole(pl.DataFrame(keys).hstack(known), PlanCells)


def settings(**sections: dict[str, object]) -> Transfer:
    return Transfer.model_validate(
        {
            "source": {"program_indicators": ["piCases0001"]},
            "target": {"data_sets": [DATA_SET]},
            "periods": {"explicit": MONTHS},
            "org_units": {"level": 2},
            **sections,
        }
    )


def with_levels(post: Post) -> None:
    """Let the village's form have approval levels, and that of clinic b be approved."""
    post.world.metadata["dataSets"][0]["workflow"] = {"id": "wfLevels001"}
    post.world.approvals.add((DATA_SET, "202610", CLINICS["b"], DEFAULT))


def test_silence_that_tracker_confirms_is_believed_and_that_of_a_broken_indicator_is_not(
    tmp_path: Path,
) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS)
        context = opened(post)
        context.extract.silent_indicators.clear()
        confirmed = decide_and_confirm(context, post.client, cells(), PlanPolicy())
        post.world.broken["piCases0001"] = "42703"
        doubted = decide_and_confirm(context, post.client, cells(), PlanPolicy())

        assert [line[3] for line in in_words(confirmed, "action")] == ["retract", "create", "keep"]
        assert in_words(doubted, "action", "reason_id")[0][3:] == ("hold", "source_unknown")
        assert confirmed[1:].equals(doubted[1:])


def test_a_form_that_turns_out_to_be_approved_is_held_and_no_other(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        with_levels(post)
        tracker(post, COUNTS)
        decided = decide_unless_approved(opened(post), cells(), PlanPolicy())

        assert in_words(decided, "action", "wanted_action", "reason_id") == [
            ("202609", "a", "cases", "retract", "retract", "vanished"),
            ("202610", "b", "cases", "hold", "create", "approved"),
            ("202610", "c", "cases", "keep", "keep", "same"),
        ]


def test_a_cell_that_is_not_believed_is_not_asked_about_its_form(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        with_levels(post)
        tracker(post, COUNTS)
        context = opened(post)
        context.extract.silent_indicators.clear()
        post.world.broken["piCases0001"] = "42703"

        decide_and_confirm(context, post.client, cells(), PlanPolicy())

        assert asked(post) == [("202610", CLINICS["b"])]


def test_a_plan_goes_by_data_set_and_key_and_what_is_in_no_form_comes_last() -> None:
    plan = whole(
        frame("""
            action | data_set | data_element | period
            hold   | -        | deA          | 202601
            create | dsTwo    | deA          | 202601
            create | dsOne    | deB          | 202601
            create | dsOne    | deA          | 202602
            create | dsOne    | deA          | 202601
        """),
        Plan,
    )

    assert in_plan_order(plan).select("data_set", "data_element", "period").rows() == [
        ("dsOne", "deA", "202601"),
        ("dsOne", "deA", "202602"),
        ("dsOne", "deB", "202601"),
        ("dsTwo", "deA", "202601"),
        (None, "deA", "202601"),
    ]


def test_a_transfer_that_says_nothing_has_the_usual_policy() -> None:
    assert policy_of(settings(), MONTHS, retire=False) == PlanPolicy()
    assert policy_of(settings(), MONTHS, retire=True) == PlanPolicy(retire=True)


def test_what_the_officer_wrote_becomes_the_policy_from_the_first_period_on() -> None:
    written = settings(
        policy={
            "existing": "append",
            "vanished": "leave",
            "zeros": "skip",
            "conflict": "tracker",
            "owner": "Ms Phiri",
            "reason": "the registers are complete",
            "first_period": "202608",
        },
        adopt={"stored_by": ["oldscript"], "aggregated": True},
    )

    assert policy_of(written, MONTHS, retire=False) == PlanPolicy(
        existing="append",
        vanished="leave",
        zeros="skip",
        conflict="tracker",
        conflict_periods=("202608", "202609", "202610"),
        conflict_owner="Ms Phiri",
        conflict_reason="the registers are complete",
        adopt_stored_by=("oldscript",),
        adopt_aggregated=True,
    )


def test_a_first_period_after_all_that_was_asked_leaves_every_conflict_open() -> None:
    later = {"conflict": "manual", "owner": "x", "reason": "y", "first_period": "202612"}

    assert policy_of(settings(policy=later), MONTHS, retire=False).conflict_periods == ()
