"""Who may say no to tracker, and in which order: what the table of the design does not show."""

from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandera.typing.polars import DataFrame

from pipeline.cells.key import KEY
from pipeline.plan.rules.deciding import decide
from pipeline.plan.rules.policy import WRITING, PlanPolicy
from schemas.frames import columns
from schemas.plan import Plan, PlanCells
from schemas.vocabulary import ACTIONS, DECISIONS
from tests.support.frames import frame
from tests.support.whole_frames import whole

NOBODY = {
    "unknown": "no",
    "in_image": "yes",
    "zero_is_significant": "no",
    "stored_by": "clerk",
    "period": "202609",
    **dict.fromkeys(["comment", "hold_reason", "site_hold", "decision", "decided_in"]),
}


def cells(table: str) -> DataFrame[PlanCells]:
    """Read a table of tracker, target, ours and whatever else is not as usual."""
    written = frame(table).rename(
        {"tracker": "tracker_value", "target": "current_value", "ours": "ledger_value"}
    )
    usual = {name: what for name, what in NOBODY.items() if name not in written.columns}
    filled = written.with_columns(
        pl.lit(what, pl.String).alias(name) for name, what in usual.items()
    ).with_columns(
        pl.col("tracker_value", "ledger_value").cast(pl.Float64),
        *(pl.col(name) == "yes" for name in ("unknown", "in_image", "zero_is_significant")),
        decided_by=pl.lit("Ms Phiri"),
        decided_why=pl.lit("the register is complete"),
    )
    return whole(filled, PlanCells)


def test_what_would_have_happened_is_told_of_each_cell_that_waits() -> None:
    asked = cells("""
        tracker | target | ours | hold_reason | site_hold
        6       | 5      | 5    | expired     | -
        6       | -      | -    | expired     | -
        -       | 5      | 5    | expired     | -
        6       | 5      | 4    | -           | -
        6       | -      | 4    | -           | -
        6       | 5      | 5    | -           | manual_site
    """)

    plan = decide(asked, PlanPolicy())

    assert plan.select("action", "wanted_action").rows() == [
        ("hold", "update"),
        ("hold", "create"),
        ("hold", "retract"),
        ("conflict", "update"),
        ("conflict", "create"),
        ("hold", "update"),
    ]


def test_the_first_who_objects_is_named() -> None:
    asked = cells("""
        tracker | target | ours | unknown | in_image | site_hold   | decision | hold_reason
        6       | 5      | 4    | yes     | yes      | manual_site | tracker  | expired
        -       | 4      | 4    | no      | no       | manual_site | tracker  | expired
        6       | 5      | 4    | no      | yes      | manual_site | tracker  | expired
        6       | 5      | 4    | no      | yes      | -           | manual   | expired
        6       | 5      | 4    | no      | yes      | -           | tracker  | expired
        6       | 5      | 4    | no      | yes      | -           | -        | expired
        6       | 5      | 5    | no      | yes      | -           | -        | expired
    """).with_columns(decided_in=pl.lit("decisions"))

    plan = decide(whole(asked, PlanCells), PlanPolicy(existing="append"))

    assert plan.select("action", "reason_id").rows() == [
        ("hold", "source_unknown"),
        ("orphan", "left_scope"),
        ("hold", "manual_site"),
        ("skip", "decided_manual"),
        ("skip", "policy_append"),
        ("conflict", "changed_by_somebody"),
        ("skip", "policy_append"),
    ]


def test_what_stands_rightly_and_what_is_theirs_needs_nobodys_leave() -> None:
    asked = cells("""
        tracker | target | ours | site_hold   | hold_reason
        5       | 5      | 5    | manual_site | expired
        -       | 5      | -    | manual_site | expired
        -       | -      | 5    | manual_site | expired
    """)

    plan = decide(asked, PlanPolicy())

    assert plan["action"].to_list() == ["keep", "foreign", "close"]


def test_nothing_of_a_manual_site_becomes_ours_by_adoption() -> None:
    asked = cells("""
        tracker | target | ours | site_hold
        5       | 5      | -    | manual_site
        5       | 5      | -    | -
    """)

    plan = decide(asked, PlanPolicy(adopt_stored_by=("clerk",)))

    assert plan["action"].to_list() == ["keep", "adopt"]


def test_a_cell_that_could_not_be_read_is_not_taken_for_an_empty_one() -> None:
    asked = cells("""
        tracker | target | ours | hold_reason     | in_image
        5       | -      | -    | outside_capture | yes
        5       | -      | 5    | outside_capture | yes
        -       | -      | 5    | -               | yes
        -       | -      | 5    | outside_capture | no
    """).with_columns(unread=pl.lit(value=True))

    plan = decide(whole(asked, PlanCells), PlanPolicy(retire=True))

    assert plan.select("action", "reason_id", "closes_ledger").rows() == [
        ("hold", "outside_capture", False),
        ("hold", "outside_capture", False),
        ("hold", "target_not_read", False),
        ("orphan", "left_scope", False),
    ]


CONFLICTS = """
    tracker | target | ours | decision | decided_in | period
    6       | 5      | -    | tracker  | decisions  | 202608
    6       | 5      | -    | manual   | decisions  | 202609
    6       | 5      | -    | leave    | decisions  | 202609
    6       | 5      | -    | tracker  | sites      | 202609
    6       | 5      | -    | manual   | sites      | 202609
    0       | 5      | -    | tracker  | decisions  | 202609
    6       | 5      | -    | -        | -          | 202609
    6       | 5      | -    | -        | -          | 202608
    6       | 5      | 5    | manual   | decisions  | 202609
"""
PHIRI = ("Ms Phiri", "the register is complete")


def test_a_decision_settles_a_conflict_and_is_told_with_the_cell() -> None:
    plan = decide(cells(CONFLICTS), PlanPolicy())

    told = plan.select("action", "reason_id", "send", "decision", "decided_in").rows()
    assert told == [
        ("update", "decided_tracker", "6", "tracker", "decisions"),
        ("skip", "decided_manual", None, "manual", "decisions"),
        ("skip", "decided_leave", None, "leave", "decisions"),
        ("update", "site_tracker", "6", "tracker", "sites"),
        ("skip", "site_manual", None, "manual", "sites"),
        ("conflict", "never_removed", None, "tracker", "decisions"),
        ("conflict", "not_ours", None, None, None),
        ("conflict", "not_ours", None, None, None),
        ("update", "changed", "6", None, None),
    ]
    assert plan.select("decided_by", "decided_why").rows()[0] == PHIRI
    assert plan.select("decided_by", "decided_why").rows()[-1] == (None, None)


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("tracker", ("update", "policy_tracker", "6")),
        ("manual", ("skip", "policy_manual", None)),
    ],
)
def test_a_policy_for_conflicts_holds_from_its_first_period_where_nobody_decided_otherwise(
    word: str, told: tuple[str, str, str | None]
) -> None:
    policy = PlanPolicy(
        conflict=word,  # type: ignore[arg-type]  # one of its words
        conflict_periods=("202609", "202610"),
        conflict_owner="Mr Banda",
        conflict_reason="agreed in June",
    )

    plan = decide(cells(CONFLICTS), policy)

    shown = plan.select("action", "reason_id", "send").rows()
    assert shown[6] == told
    assert shown[7] == ("conflict", "not_ours", None)
    assert shown[2] == ("skip", "decided_leave", None)
    by = plan.select("decided_in", "decided_by", "decided_why").rows()
    assert by[6] == ("policy", "Mr Banda", "agreed in June")
    assert by[7] == (None, None, None)


def test_a_zero_that_nothing_keeps_is_held_where_nothing_stands_and_replaces_no_number() -> None:
    asked = cells("""
        tracker | target | ours | hold_reason | zero_is_significant
        0       | -      | -    | -           | no
        0       | -      | -    | expired     | no
        0       | 5      | 5    | -           | no
        0       | 0      | 0    | -           | no
        0       | 5      | -    | -           | no
        0       | -      | -    | expired     | yes
    """)

    plan = decide(asked, PlanPolicy(zeros="store"))

    assert plan.select("action", "wanted_action", "reason_id", "delete").rows() == [
        ("hold", "create", "zero_not_kept", False),
        ("hold", "create", "zero_not_kept", False),
        ("update", "update", "changed", True),
        ("keep", "keep", "same", False),
        ("conflict", "update", "not_ours", False),
        ("hold", "create", "expired", False),
    ]
    assert "zeroIsSignificant" in plan["reason"][0]


NUMBERS = st.one_of(st.none(), st.sampled_from([0.0, 1.0, 2.5, 5.0]))
TEXTS = st.one_of(st.none(), st.sampled_from(["0", "1", "2.5", "5.0", "text"]))
POLICIES = st.builds(
    PlanPolicy,
    existing=st.sampled_from(["merge", "append", "update"]),
    vanished=st.sampled_from(["retract", "zero", "leave"]),
    zeros=st.sampled_from(["as_element", "store", "skip"]),
    conflict=st.sampled_from(["ask", "tracker", "manual"]),
    conflict_periods=st.sampled_from([None, (), ("202609",)]),
    adopt_stored_by=st.sampled_from([(), ("somebody",)]),
    retire=st.booleans(),
)

FLAG = st.booleans()
CELLS = st.fixed_dictionaries(
    {
        "tracker_value": NUMBERS,
        "current_value": TEXTS,
        "ledger_value": NUMBERS,
        "unknown": FLAG,
        "unread": FLAG,
        "in_image": FLAG,
        "zero_is_significant": FLAG,
        "hold_reason": st.sampled_from([None, None, "expired"]),
        "site_hold": st.sampled_from([None, None, "manual_site"]),
        "decision": st.sampled_from([None, *DECISIONS]),
        "period": st.sampled_from(["202608", "202609"]),
    }
)
SHAPE = {
    **dict.fromkeys(["tracker_value", "ledger_value"], pl.Float64),
    **dict.fromkeys(["unknown", "unread", "in_image", "zero_is_significant"], pl.Boolean),
    **dict.fromkeys(["current_value", "hold_reason", "site_hold", "decision"], pl.String),
    "period": pl.String,
}


def possible(drawn: pl.DataFrame) -> pl.DataFrame:
    """Keep what a run can meet: something is known of a cell; outside the image only the ledger."""
    numbers = pl.col("tracker_value", "current_value", "ledger_value").is_not_null()
    outside = pl.col("tracker_value").is_null() & pl.col("ledger_value").is_not_null()
    return drawn.filter(pl.any_horizontal(numbers) & (pl.col("in_image") | outside))


@given(POLICIES, st.lists(CELLS, min_size=1))
def test_whatever_the_policy_nothing_of_others_is_removed_and_nothing_changed_without_a_decision(
    policy: PlanPolicy, drawn: list[dict[str, object]]
) -> None:
    judged = possible(pl.DataFrame(drawn, schema=SHAPE)).with_columns(
        stored_by=pl.lit("somebody"),
        decided_in=pl.when(pl.col("decision").is_not_null()).then(pl.lit("decisions")),
        decided_by=pl.lit("Ms Phiri"),
        decided_why=pl.lit("why"),
    )
    asked = whole(judged, PlanCells)

    decided = decide(asked, policy)

    kept = [*KEY, "data_set", "tracker_value", "current_value", "ledger_value", "stored_by"]
    assert decided.columns == list(columns(Plan))
    assert decided.select(kept).equals(asked.select(kept))
    plan = decided.hstack(asked.select("unknown", "unread", "hold_reason", "site_hold"))
    assert plan["action"].is_in(ACTIONS).all()
    assert plan["reason"].null_count() == 0
    removals = plan.filter("delete")
    assert removals["ledger_value"].null_count() == 0
    writing = plan.filter(pl.col("action").is_in(WRITING))
    assert writing["send"].null_count() == 0
    assert plan["send"].count() == writing.height
    objections = pl.col("hold_reason").is_not_null() | pl.col("site_hold").is_not_null()
    assert writing.filter(pl.col("unknown") | pl.col("unread") | objections).is_empty()
    theirs = writing.filter(pl.col("current_value").is_not_null()).filter(
        pl.col("ledger_value").is_null()
        | (
            pl.col("current_value").cast(pl.Float64, strict=False).fill_null(-1)
            != pl.col("ledger_value")
        )
    )
    assert (theirs["decision"] == "tracker").all()
    assert plan.filter(pl.col("closes_ledger") & pl.col("ledger_value").is_null()).is_empty()


@given(POLICIES, st.lists(CELLS, min_size=1))
def test_zeros_that_are_to_be_stored_wait_or_go_out_as_they_would_by_the_element(
    policy: PlanPolicy, drawn: list[dict[str, object]]
) -> None:
    asked = possible(pl.DataFrame(drawn, schema=SHAPE)).with_columns(
        stored_by=pl.lit("clerk"),
        **dict.fromkeys(["comment", "decided_in"], pl.lit(None, pl.String)),
        **dict.fromkeys(["decided_by", "decided_why"], pl.lit("x")),
    )

    stored, usual = (
        decide(whole(asked, PlanCells), replace(policy, zeros=zeros))
        for zeros in ("store", "as_element")
    )

    done = ["send", "delete", "closes_ledger"]
    assert stored.select(done).equals(usual.select(done))
    waiting = stored.filter(pl.col("reason_id") == "zero_not_kept")
    assert waiting["current_value"].null_count() == waiting.height
