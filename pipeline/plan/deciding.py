"""Decide about every cell, asking whoever must still be asked before a decision is believed."""

from dataclasses import dataclass

import polars as pl

from pipeline.cells.key import KEY
from pipeline.cells.periods import parse_period
from pipeline.dhis2.http.client import Client
from pipeline.plan.approvals import FORM, approval_holds
from pipeline.plan.rules.assembly import silent_cells
from pipeline.plan.rules.deciding import PlanPolicy, decide
from pipeline.plan.silence import believe_silence
from pipeline.plan.target import TargetState
from pipeline.run.records import Extract
from pipeline.run.work import Work


@dataclass(frozen=True)
class PlanContext:
    """What a plan is made with: whose it is, both servers, and what was asked of the source."""

    work: Work
    source: Client
    target: Client
    state: TargetState
    extract: Extract


def decide_and_confirm(
    context: PlanContext, cells: pl.DataFrame, policy: PlanPolicy
) -> pl.DataFrame:
    """Decide; then again where tracker's silence is not believed, or a form turns out approved."""
    decided = decide(cells, policy)
    doubted = believe_silence(context.work, context.source, context.extract, silent_cells(decided))
    if not doubted.is_empty():
        cells = _doubting(cells, doubted)
        decided = decide(cells, policy)
    return unless_approved(context.target, context.state, cells, decided, policy)


def unless_approved(
    target: Client,
    state: TargetState,
    cells: pl.DataFrame,
    decided: pl.DataFrame,
    policy: PlanPolicy,
) -> pl.DataFrame:
    """Give what was decided about cells; decide again where a form turns out to be approved."""
    approved = approval_holds(target, state, decided)
    return decided if approved.is_empty() else decide(_holding(cells, approved), policy)


def _doubting(cells: pl.DataFrame, doubted: pl.DataFrame) -> pl.DataFrame:
    doubt = doubted.with_columns(doubted=pl.lit(value=True))
    return (
        cells.join(doubt, on=KEY, how="left", validate="m:1", maintain_order="left")
        .with_columns(unknown=pl.col("unknown") | pl.col("doubted").fill_null(value=False))
        .drop("doubted")
    )


def _holding(cells: pl.DataFrame, approved: pl.DataFrame) -> pl.DataFrame:
    return (
        cells.join(approved, on=FORM, how="left", validate="m:1", maintain_order="left")
        .with_columns(hold_reason=pl.coalesce("hold_reason", "approval_hold"))
        .drop("approval_hold")
    )


def policy_of(context: PlanContext, *, retire: bool) -> PlanPolicy:
    """Give the transfer's policy as the decision takes it."""
    policy, adopt = context.work.settings.policy, context.work.settings.adopt
    return PlanPolicy(
        existing=policy.existing,
        vanished=policy.vanished,
        zeros=policy.zeros,
        conflict=policy.conflict,
        conflict_periods=_from_first_period(policy.first_period, context.extract.periods),
        conflict_owner=policy.owner,
        conflict_reason=policy.reason,
        adopt_stored_by=adopt.stored_by,
        adopt_aggregated=adopt.aggregated,
        retire=retire,
    )


def _from_first_period(first: str, periods: list[str]) -> tuple[str, ...] | None:
    """Give the periods from a first one on, None for all of them."""
    if not first:
        return None
    start = parse_period(first).start
    return tuple(one for one in periods if parse_period(one).start >= start)
