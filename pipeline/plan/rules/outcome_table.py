"""The table of the design: what a cell would get by its three numbers, if nobody objected."""

import polars as pl

from pipeline.cells.numbers import number_of, same_number
from pipeline.plan.rules import reasons
from pipeline.plan.rules.policy import PlanPolicy


def number_held() -> pl.Expr:
    """The number that the target holds: current_number, null where it holds none."""
    return number_of(pl.col("current_value")).alias("current_number")


def facts(policy: PlanPolicy) -> list[pl.Expr]:
    """The three numbers of a cell, compared: what the lines of the table ask."""
    tracker = pl.col("tracker_value")
    number = pl.col("current_number")
    ledger = pl.col("ledger_value")
    zero_counts = {
        "as_element": pl.col("zero_is_significant"),
        "store": pl.col("zero_is_significant"),
        "skip": pl.lit(value=False),
    }[policy.zeros]
    return [
        zero_counts.alias("zero_counts"),
        _equal(number, tracker, zero_counts).alias("agrees"),
        _equal(number, ledger, zero_counts).alias("as_we_left_it"),
        _zero_waits(policy).alias("zero_waits"),
        (pl.col("current_value").is_not_null() & number.is_null()).alias("no_number"),
        _adoptable(policy).alias("adoptable"),
    ]


def _equal(left: pl.Expr, right: pl.Expr, zero_counts: pl.Expr) -> pl.Expr:
    """Whether two numbers are one; an insignificant zero and no row are one."""
    same = same_number(left, right).fill_null(value=False)
    nothing = (left.fill_null(0) == 0) & (right.fill_null(0) == 0) & ~zero_counts
    return same | nothing


def _zero_waits(policy: PlanPolicy) -> pl.Expr:
    """Whether into an empty cell a zero was to be stored that DHIS2 is told not to keep.

    Servers up to 2.42 drop such a zero and later ones store it; Tally lets neither decide.
    """
    zero = (pl.col("tracker_value") == 0) & ~pl.col("zero_is_significant")
    wanted = zero & pl.col("current_value").is_null() & (policy.zeros == "store")
    return wanted.fill_null(value=False)


def _adoptable(policy: PlanPolicy) -> pl.Expr:
    named = pl.col("stored_by").is_in(list(policy.adopt_stored_by))
    aggregated = (pl.col("comment") == "[aggregated]") & policy.adopt_aggregated
    return (named | aggregated).fill_null(value=False) & pl.col("site_hold").is_null()


def outcome(policy: PlanPolicy) -> list[pl.Expr]:
    """The first true line of the table: action, reason_id, closes_ledger."""
    counted = pl.col("tracker_value").is_not_null()
    held = pl.col("current_value").is_not_null()
    ours = pl.col("ledger_value").is_not_null()
    left = pl.col("as_we_left_it")
    ledger_wrong = ours & ~left
    adopted = counted & pl.col("agrees") & held & ~ours & pl.col("adoptable")
    outside = ~pl.col("in_image")
    zero_stands = (
        (pl.col("current_number") == 0) & pl.col("zero_counts") & (policy.vanished == "zero")
    )
    unread = pl.coalesce("hold_reason", pl.lit(reasons.TARGET_NOT_READ))
    table = (
        (pl.col("unknown"), "hold", reasons.SOURCE_UNKNOWN, False),
        (pl.col("unread") & ~outside, "hold", unread, False),
        (outside & (pl.col("unread") | (not policy.retire)), "orphan", reasons.LEFT_SCOPE, False),
        (outside & held & left, "retract", reasons.RETIRED, False),
        (counted & pl.col("no_number"), "conflict", reasons.NO_NUMBER, False),
        (adopted, "adopt", reasons.ADOPTED, False),
        (pl.col("zero_waits"), "create", reasons.NEW, ledger_wrong),
        (counted & pl.col("agrees"), "keep", reasons.SAME, ledger_wrong),
        (counted & ~held & ~ours, "create", reasons.NEW, False),
        (counted & ~held, "conflict", reasons.REMOVED_BY_SOMEBODY, False),
        (counted & ours & left, "update", reasons.CHANGED, False),
        (counted & ~ours, "conflict", reasons.NOT_OURS, False),
        (counted, "conflict", reasons.CHANGED_BY_SOMEBODY, False),
        (held & ours & left & zero_stands, "keep", reasons.SAME, False),
        (held & ours & left, "retract", reasons.VANISHED, False),
        (held, "foreign", reasons.THEIRS, ours),
        (ours, "close", reasons.BOTH_GONE, True),
    )
    action, reason, closes = pl.lit(None), pl.lit(None), pl.lit(value=False)
    for when, then_action, then_reason, then_closes in reversed(table):
        why = pl.lit(then_reason) if isinstance(then_reason, str) else then_reason
        action = pl.when(when).then(pl.lit(then_action)).otherwise(action)
        reason = pl.when(when).then(why).otherwise(reason)
        closes = pl.when(when).then(then_closes).otherwise(closes)
    return [
        action.alias("action"),
        reason.alias("reason_id"),
        closes.alias("closes_ledger"),
    ]


def would_remove(policy: PlanPolicy) -> pl.Expr:
    """Whether a cell that would be written would be emptied."""
    nothing = (pl.col("tracker_value") == 0) & ~pl.col("zero_counts")
    to_zero = pl.col("zero_counts") & pl.col("in_image") & (policy.vanished == "zero")
    action = pl.col("action")
    return ((action == "retract") & ~to_zero) | ((action == "update") & nothing)
