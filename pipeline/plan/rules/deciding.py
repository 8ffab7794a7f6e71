"""Decide one action per cell: if the target is as we left it, follow tracker; if not, ask."""

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.numbers import canonical_text
from pipeline.plan.rules import reasons
from pipeline.plan.rules.outcome_table import facts, number_held, outcome, would_remove
from pipeline.plan.rules.policy import WRITING, PlanPolicy
from schemas.frames import columns, trusted
from schemas.plan import Plan, PlanCells

_DECIDED = {
    ("decisions", "tracker"): reasons.DECIDED_TRACKER,
    ("decisions", "manual"): reasons.DECIDED_MANUAL,
    ("decisions", "leave"): reasons.DECIDED_LEAVE,
    ("sites", "tracker"): reasons.SITE_TRACKER,
    ("sites", "manual"): reasons.SITE_MANUAL,
    ("policy", "tracker"): reasons.POLICY_TRACKER,
    ("policy", "manual"): reasons.POLICY_MANUAL,
}


def decide(cells: DataFrame[PlanCells], policy: PlanPolicy) -> DataFrame[Plan]:
    """The plan: the action of every cell, the action it would have had, and the reason.

    One row in, one row out, in the same order. The columns of a decision are filled where one was
    used. Precedence: unknown, orphan, site register, total that stayed, conflict and its decision,
    policy, closed cell.
    """
    sentence = pl.col("reason_id").replace_strict(reasons.SENTENCES, return_dtype=pl.String)
    decided = (
        cells.with_columns(number_held())
        .with_columns(facts(policy))
        .with_columns(outcome(policy))
        .with_columns(_wanted())
        .with_columns(_after_site_register())
        .with_columns(_after_totals())
        .with_columns(_who_decides(policy))
        .with_columns(_after_decision())
        .with_columns(_after_policy(policy))
        .with_columns(_after_holds())
        .with_columns(would_remove(policy).alias("removes"))
        .with_columns(_what_is_sent(), reason=sentence)
    )
    return trusted(decided.select(columns(Plan)), Plan)


def _wanted() -> pl.Expr:
    """What would happen if nobody objected; of a conflict, what tracker would do."""
    fills = pl.when(pl.col("current_value").is_null()).then(pl.lit("create"))
    return (
        pl.when(pl.col("action") == "conflict")
        .then(fills.otherwise(pl.lit("update")))
        .otherwise(pl.col("action"))
        .alias("wanted_action")
    )


def _after_site_register() -> list[pl.Expr]:
    """Shut what the site register shuts: only what would write."""
    shut = pl.col("site_hold").is_not_null() & pl.col("wanted_action").is_in(WRITING)
    return _instead(shut, pl.lit("hold"), pl.col("site_hold"))


def _after_totals() -> list[pl.Expr]:
    """Hold a fall that the total does not confirm, unless a person decided for tracker."""
    fell = pl.col("tracker_value").fill_null(0) < pl.col("ledger_value")
    follows = (pl.col("action") == "update") | (pl.col("reason_id") == reasons.VANISHED)
    doubted = pl.col("total_stayed") & follows & fell.fill_null(value=False) & ~_for_tracker()
    return _instead(doubted, pl.lit("hold"), pl.lit(reasons.TOTAL_STAYED))


def _for_tracker() -> pl.Expr:
    """Whether a person decided about this very cell that tracker's number is right."""
    decided = (pl.col("decision") == "tracker") & (pl.col("decided_in") == "decisions")
    return decided.fill_null(value=False)


def _who_decides(policy: PlanPolicy) -> list[pl.Expr]:
    """Who decides a conflict: the decision about the cell, else the transfer's policy."""
    concerned = ~pl.col("total_stayed") & (policy.conflict != "ask")
    if policy.conflict_periods is not None:
        concerned &= pl.col("period").is_in(list(policy.conflict_periods))
    standing = {
        "decision": policy.conflict,
        "decided_in": "policy",
        "decided_by": policy.conflict_owner,
        "decided_why": policy.conflict_reason,
    }
    conflict = pl.col("action") == "conflict"
    settled = conflict | (pl.col("total_stayed") & pl.col("action").is_in(WRITING) & _for_tracker())
    alone = pl.col("decision").is_null()
    return [
        pl.when(settled & ~alone)
        .then(pl.col(name))
        .when(conflict & concerned)
        .then(pl.lit(by_policy))
        .alias(name)
        for name, by_policy in standing.items()
    ]


def _after_decision() -> list[pl.Expr]:
    """Do as was decided; tracker writes numbers, it removes nothing that is not ours."""
    zero_to_nothing = (pl.col("tracker_value") == 0) & ~pl.col("zero_counts")
    decided = pl.col("decision").is_not_null()
    to_tracker = decided & (pl.col("decision") == "tracker")
    why = pl.lit(None, pl.String)
    for (where, what), reason_id in _DECIDED.items():
        here = (pl.col("decided_in") == where) & (pl.col("decision") == what)
        why = pl.when(here).then(pl.lit(reason_id)).otherwise(why)
    action = (
        pl.when(to_tracker & zero_to_nothing)
        .then(pl.lit("conflict"))
        .when(to_tracker)
        .then(pl.col("wanted_action"))
        .otherwise(pl.lit("skip"))
    )
    reason = (
        pl.when(to_tracker & zero_to_nothing).then(pl.lit(reasons.NEVER_REMOVED)).otherwise(why)
    )
    return _instead(decided, action, reason)


def _after_policy(policy: PlanPolicy) -> list[pl.Expr]:
    action, retired = pl.col("action"), pl.col("reason_id") == reasons.RETIRED
    standing = action.is_in(["update", "retract"]) & ~retired
    skipped = (
        pl.when(standing & (policy.existing == "append"))
        .then(pl.lit(reasons.POLICY_APPEND))
        .when((action == "create") & (policy.existing == "update"))
        .then(pl.lit(reasons.POLICY_UPDATE))
        .when((action == "retract") & ~retired & (policy.vanished == "leave"))
        .then(pl.lit(reasons.POLICY_LEAVE))
    )
    return _instead(skipped.is_not_null(), pl.lit("skip"), skipped)


def _after_holds() -> list[pl.Expr]:
    """Hold what may not be written; a zero that nothing keeps waits for no period to open."""
    zero = pl.when(pl.col("zero_waits")).then(pl.lit(reasons.ZERO_NOT_KEPT))
    reason = pl.coalesce(zero, pl.col("hold_reason"))
    held = pl.col("action").is_in(WRITING) & reason.is_not_null()
    return _instead(held, pl.lit("hold"), reason)


def _instead(when: pl.Expr, action: pl.Expr, reason_id: pl.Expr) -> list[pl.Expr]:
    """Another action and its reason, where this is so."""
    return [
        pl.when(when).then(action).otherwise(pl.col("action")).alias("action"),
        pl.when(when).then(reason_id).otherwise(pl.col("reason_id")).alias("reason_id"),
    ]


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
