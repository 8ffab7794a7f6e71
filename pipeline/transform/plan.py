"""Decide one action per cell: if the target is as we left it, follow tracker; if not, ask."""

from dataclasses import dataclass
from typing import Literal

import polars as pl

from pipeline.transform import reasons
from pipeline.transform.numbers import canonical_text, number_of

ACTIONS = (
    "keep",
    "create",
    "update",
    "retract",
    "adopt",
    "conflict",
    "foreign",
    "hold",
    "skip",
    "orphan",
    "close",
)
WRITING = ("create", "update", "retract")


@dataclass(frozen=True)
class PlanPolicy:
    """The part of a transfer's policy that decides actions."""

    existing: Literal["merge", "append", "update"] = "merge"
    vanished: Literal["retract", "zero", "leave"] = "retract"
    zeros: Literal["as_element", "store", "skip"] = "as_element"
    conflict: Literal["ask", "tracker", "manual"] = "ask"
    adopt_stored_by: tuple[str, ...] = ()
    adopt_aggregated: bool = False
    keeps_insignificant_zeros: bool = True


def decide(cells: pl.DataFrame, policy: PlanPolicy) -> pl.DataFrame:
    """Give every cell its action, the action it would have had, and the reason.

    `cells` has one row per cell: cell, tracker_value (Float64, null: no row), current_value
    (text, null: no row), ledger_value (Float64, null: not ours), unknown (true: tracker's number
    is not to be believed), in_image, zero_is_significant, stored_by, comment, hold_reason (null:
    the cell may be written).

    Adds action, wanted_action, reason_id, reason, closes_ledger, send (the text to write, null:
    nothing), delete. One row in, one row out, in the same order.
    """
    decided = cells.with_columns(_facts(policy)).with_columns(_outcome(policy))
    wanted = decided.with_columns(_after_conflict_policy(policy))
    allowed = wanted.with_columns(_after_policy(policy))
    final = allowed.with_columns(_after_holds(policy))
    sentence = pl.col("reason_id").replace_strict(reasons.SENTENCES, return_dtype=pl.String)
    return final.with_columns(_what_is_sent(), reason=sentence).select(
        *cells.columns,
        "action",
        "wanted_action",
        "reason_id",
        "reason",
        "closes_ledger",
        "send",
        "delete",
    )


def _facts(policy: PlanPolicy) -> list[pl.Expr]:
    tracker = pl.col("tracker_value")
    number = number_of(pl.col("current_value"))
    ledger = pl.col("ledger_value")
    zero_counts = {
        "as_element": pl.col("zero_is_significant"),
        "store": pl.lit(value=True),
        "skip": pl.lit(value=False),
    }[policy.zeros]
    return [
        number.alias("current_number"),
        zero_counts.alias("zero_counts"),
        _equal(number, tracker, zero_counts).alias("agrees"),
        _equal(number, ledger, zero_counts).alias("as_we_left_it"),
        (pl.col("current_value").is_not_null() & number.is_null()).alias("no_number"),
        _adoptable(policy).alias("adoptable"),
    ]


def _equal(left: pl.Expr, right: pl.Expr, zero_counts: pl.Expr) -> pl.Expr:
    """Tell whether two numbers are one; an insignificant zero and no row are one."""
    same = (canonical_text(left) == canonical_text(right)).fill_null(value=False)
    nothing = (left.fill_null(0) == 0) & (right.fill_null(0) == 0) & ~zero_counts
    return same | nothing


def _adoptable(policy: PlanPolicy) -> pl.Expr:
    named = pl.col("stored_by").is_in(list(policy.adopt_stored_by))
    aggregated = (pl.col("comment") == "[aggregated]") & policy.adopt_aggregated
    return (named | aggregated).fill_null(value=False)


def _outcome(policy: PlanPolicy) -> list[pl.Expr]:
    """Walk the table of the design, first true line first."""
    told = pl.col("tracker_value").is_not_null()
    held = pl.col("current_value").is_not_null()
    ours = pl.col("ledger_value").is_not_null()
    left = pl.col("as_we_left_it")
    ledger_wrong = ours & ~left
    adopted = told & pl.col("agrees") & held & ~ours & pl.col("adoptable")
    zero_stands = (
        (pl.col("current_number") == 0) & pl.col("zero_counts") & (policy.vanished == "zero")
    )
    table = (
        (pl.col("unknown"), "hold", reasons.SOURCE_UNKNOWN, False),
        (~pl.col("in_image"), "orphan", reasons.LEFT_SCOPE, False),
        (told & pl.col("no_number"), "conflict", reasons.NO_NUMBER, False),
        (adopted, "adopt", reasons.ADOPTED, False),
        (told & pl.col("agrees"), "keep", reasons.SAME, ledger_wrong),
        (told & ~held & ~ours, "create", reasons.NEW, False),
        (told & ~held, "conflict", reasons.REMOVED_BY_SOMEBODY, False),
        (told & ours & left, "update", reasons.CHANGED, False),
        (told & ~ours, "conflict", reasons.NOT_OURS, False),
        (told, "conflict", reasons.CHANGED_BY_SOMEBODY, False),
        (held & ours & left & zero_stands, "keep", reasons.SAME, False),
        (held & ours & left, "retract", reasons.VANISHED, False),
        (held, "foreign", reasons.THEIRS, ours),
        (ours, "close", reasons.BOTH_GONE, True),
    )
    action, reason, closes = pl.lit(None), pl.lit(None), pl.lit(value=False)
    for when, then_action, then_reason, then_closes in reversed(table):
        action = pl.when(when).then(pl.lit(then_action)).otherwise(action)
        reason = pl.when(when).then(pl.lit(then_reason)).otherwise(reason)
        closes = pl.when(when).then(then_closes).otherwise(closes)
    return [
        action.alias("action"),
        reason.alias("reason_id"),
        closes.alias("closes_ledger"),
    ]


def _after_conflict_policy(policy: PlanPolicy) -> list[pl.Expr]:
    """Let the configured owner decide conflicts; tracker writes numbers, it removes nothing."""
    conflict = pl.col("action") == "conflict"
    overwrite = pl.when(pl.col("current_value").is_null()).then(pl.lit("create"))
    zero_to_nothing = (pl.col("tracker_value") == 0) & ~pl.col("zero_counts")
    chosen = {
        "ask": pl.col("action"),
        "manual": pl.when(conflict).then(pl.lit("skip")).otherwise(pl.col("action")),
        "tracker": pl.when(conflict & ~zero_to_nothing)
        .then(overwrite.otherwise(pl.lit("update")))
        .otherwise(pl.col("action")),
    }[policy.conflict]
    reason = pl.col("reason_id")
    if policy.conflict == "manual":
        reason = pl.when(conflict).then(pl.lit(reasons.POLICY_MANUAL)).otherwise(reason)
    return [
        pl.col("action").alias("wanted_action"),
        chosen.alias("action"),
        reason.alias("reason_id"),
    ]


def _after_policy(policy: PlanPolicy) -> list[pl.Expr]:
    action = pl.col("action")
    standing = action.is_in(["update", "retract"])
    skips = (
        (standing & (policy.existing == "append"), reasons.POLICY_APPEND),
        ((action == "create") & (policy.existing == "update"), reasons.POLICY_UPDATE),
        ((action == "retract") & (policy.vanished == "leave"), reasons.POLICY_LEAVE),
    )
    skipped, reason = action, pl.col("reason_id")
    for when, then_reason in reversed(skips):
        skipped = pl.when(when).then(pl.lit("skip")).otherwise(skipped)
        reason = pl.when(when).then(pl.lit(then_reason)).otherwise(reason)
    return [skipped.alias("action"), reason.alias("reason_id")]


def _after_holds(policy: PlanPolicy) -> list[pl.Expr]:
    writes = pl.col("action").is_in(WRITING)
    lost_zero = (
        (pl.col("tracker_value") == 0)
        & ~pl.col("zero_is_significant")
        & pl.lit(policy.zeros == "store" and not policy.keeps_insignificant_zeros)
    )
    reason = pl.coalesce(
        pl.col("hold_reason"), pl.when(lost_zero).then(pl.lit(reasons.ZERO_NOT_KEPT))
    )
    held = writes & reason.is_not_null()
    return [
        pl.when(held).then(pl.lit("hold")).otherwise(pl.col("action")).alias("action"),
        pl.when(held).then(reason).otherwise(pl.col("reason_id")).alias("reason_id"),
        _removes(policy).alias("removes"),
    ]


def _removes(policy: PlanPolicy) -> pl.Expr:
    nothing = (pl.col("tracker_value") == 0) & ~pl.col("zero_counts")
    to_zero = pl.col("zero_counts") & (policy.vanished == "zero")
    return ((pl.col("action") == "retract") & ~to_zero) | ((pl.col("action") == "update") & nothing)


def _what_is_sent() -> list[pl.Expr]:
    action = pl.col("action")
    delete = pl.col("removes") & action.is_in(WRITING)
    number = pl.when(action == "retract").then(pl.lit(0.0)).otherwise(pl.col("tracker_value"))
    return [
        delete.alias("delete"),
        pl.when(delete)
        .then(pl.col("current_value"))
        .when(action.is_in(WRITING))
        .then(canonical_text(number))
        .alias("send"),
    ]
