"""The table of the design, line by line: what a cell gets if nobody objects."""

import polars as pl
import pytest

from pipeline.plan.rules import reasons
from pipeline.plan.rules.outcome_table import facts, number_held, outcome
from pipeline.plan.rules.policy import PlanPolicy
from schemas.plan import PlanCells
from tests.support.whole_frames import whole


def judged(
    tracker: float | None,
    target: str | None,
    ours: float | None,
    policy: PlanPolicy | None = None,
    **more: object,
) -> tuple[str, str, bool]:
    """What becomes of one cell by its three numbers: action, reason_id, closes_ledger."""
    usual: dict[str, object] = {"in_image": True, "unknown": False, "unread": False}
    cell = pl.DataFrame(
        {
            "tracker_value": [tracker],
            "current_value": [target],
            "ledger_value": [ours],
            **{name: [what] for name, what in (usual | more).items()},
        },
        schema_overrides={
            "tracker_value": pl.Float64,
            "current_value": pl.String,
            "ledger_value": pl.Float64,
        },
    )
    asked = policy or PlanPolicy()
    row = (
        whole(cell, PlanCells)
        .with_columns(number_held())
        .with_columns(facts(asked))
        .with_columns(outcome(asked))
    )
    action, reason_id, closes = row.select("action", "reason_id", "closes_ledger").row(0)
    return action, reason_id, closes


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ((5.0, "5", None), ("keep", reasons.SAME, False)),
        ((5.0, "5", 5.0), ("keep", reasons.SAME, False)),
        ((5.0, "5", 4.0), ("keep", reasons.SAME, True)),
        ((5.0, "5.0", None), ("keep", reasons.SAME, False)),
        ((5.0, None, None), ("create", reasons.NEW, False)),
        ((5.0, None, 4.0), ("conflict", reasons.REMOVED_BY_SOMEBODY, False)),
        ((6.0, "5", 5.0), ("update", reasons.CHANGED, False)),
        ((6.0, "5", None), ("conflict", reasons.NOT_OURS, False)),
        ((6.0, "5", 4.0), ("conflict", reasons.CHANGED_BY_SOMEBODY, False)),
        ((6.0, "five", None), ("conflict", reasons.NO_NUMBER, False)),
        ((None, "5", 5.0), ("retract", reasons.VANISHED, False)),
        ((None, "5", 4.0), ("foreign", reasons.THEIRS, True)),
        ((None, "5", None), ("foreign", reasons.THEIRS, False)),
        ((None, None, 5.0), ("close", reasons.BOTH_GONE, True)),
    ],
)
def test_three_numbers_have_one_outcome(
    numbers: tuple[float | None, str | None, float | None], expected: tuple[str, str, bool]
) -> None:
    assert judged(*numbers) == expected


@pytest.mark.parametrize(("tracker", "target", "ours"), [(5.0, "5", 5.0), (None, "5", 5.0)])
def test_what_is_not_known_of_tracker_or_target_is_held(
    tracker: float | None, target: str, ours: float
) -> None:
    assert judged(tracker, target, ours, unknown=True)[:2] == ("hold", reasons.SOURCE_UNKNOWN)
    assert judged(tracker, target, ours, unread=True)[:2] == ("hold", reasons.TARGET_NOT_READ)


def test_what_left_the_mapping_is_taken_back_only_when_somebody_says_so() -> None:
    retire = PlanPolicy(retire=True)

    assert judged(None, "5", 5.0, in_image=False)[0] == "orphan"
    assert judged(None, "5", 5.0, retire, in_image=False)[:2] == ("retract", reasons.RETIRED)
    assert judged(None, "6", 5.0, retire, in_image=False)[0] == "foreign"


def test_a_zero_and_no_row_are_one_only_where_a_zero_means_nothing() -> None:
    assert judged(0.0, None, None, zero_is_significant=False)[0] == "keep"
    assert judged(0.0, None, None, zero_is_significant=True)[0] == "create"
    assert judged(0.0, "5", 5.0, zero_is_significant=False)[0] == "update"


def test_an_equal_number_of_a_named_user_is_adopted() -> None:
    policy = PlanPolicy(adopt_stored_by=("old-transfer",))

    assert judged(5.0, "5", None, policy, stored_by="old-transfer")[0] == "adopt"
    assert judged(5.0, "5", None, policy, stored_by="clerk")[0] == "keep"
    assert judged(6.0, "5", None, policy, stored_by="old-transfer")[0] == "conflict"


def test_where_zeros_are_written_for_what_vanished_a_zero_of_ours_stays() -> None:
    policy = PlanPolicy(vanished="zero")

    assert judged(None, "0", 0.0, policy, zero_is_significant=True)[0] == "keep"
    assert judged(None, "5", 5.0, policy, zero_is_significant=True)[0] == "retract"
