"""Decide about every cell, asking whoever must still be asked before a decision is believed."""

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.key import KEY
from pipeline.cells.periods import parse_period
from pipeline.config.sections import Transfer
from pipeline.dhis2.http.client import Client
from pipeline.plan.approvals import FORM, ask_approvals, written_forms
from pipeline.plan.context import PlanContext
from pipeline.plan.rules.assembly import silent_cells
from pipeline.plan.rules.deciding import decide
from pipeline.plan.rules.policy import PlanPolicy
from pipeline.plan.silence import believe_silence
from schemas.frames import trusted
from schemas.plan import Plan, PlanCells

NOT_ASKED = pl.DataFrame(
    schema=[*((name, pl.String) for name in FORM), ("approval_hold", pl.String)]
)


def decide_and_confirm(
    context: PlanContext,
    source: Client,
    cells: DataFrame[PlanCells],
    policy: PlanPolicy,
    approvals: pl.DataFrame = NOT_ASKED,
) -> DataFrame[Plan]:
    """The decision about each cell; where tracker's silence is not believed, it is unknown.

    `approvals`: FORM, approval_hold, of forms that were asked about already.
    """
    doubted = believe_silence(context, source, silent_cells(cells))
    return decide_unless_approved(context, _doubting(cells, doubted), policy, approvals)


def decide_unless_approved(
    context: PlanContext,
    cells: DataFrame[PlanCells],
    policy: PlanPolicy,
    approvals: pl.DataFrame = NOT_ASKED,
) -> DataFrame[Plan]:
    """The decision about each cell; one whose form turns out to be approved is held."""
    decided = decide(cells, policy)
    fresh = written_forms(decided).join(approvals, on=FORM, how="anti")
    asked = pl.concat([approvals, ask_approvals(context.target, context.state.forms, fresh)])
    approved = asked.drop_nulls("approval_hold")
    return decided if approved.is_empty() else decide(_holding(cells, approved), policy)


def in_plan_order(decided: DataFrame[Plan]) -> DataFrame[Plan]:
    """The plan sorted by data set and key; what is in no data set comes last."""
    return trusted(decided.sort("data_set", *KEY, nulls_last=True), Plan)


def _doubting(cells: DataFrame[PlanCells], doubted: pl.DataFrame) -> DataFrame[PlanCells]:
    if doubted.is_empty():
        return cells
    doubt = doubted.with_columns(doubted=pl.lit(value=True))
    unknown = (
        cells.join(doubt, on=KEY, how="left", validate="m:1", maintain_order="left")
        .with_columns(unknown=pl.col("unknown") | pl.col("doubted").fill_null(value=False))
        .drop("doubted")
    )
    return trusted(unknown, PlanCells)


def _holding(cells: DataFrame[PlanCells], approved: pl.DataFrame) -> DataFrame[PlanCells]:
    held = (
        cells.join(approved, on=FORM, how="left", validate="m:1", maintain_order="left")
        .with_columns(hold_reason=pl.coalesce("hold_reason", "approval_hold"))
        .drop("approval_hold")
    )
    return trusted(held, PlanCells)


def policy_of(settings: Transfer, periods: list[str], *, retire: bool) -> PlanPolicy:
    """The transfer's policy as the decision takes it, for a run that asked these periods."""
    policy, adopt = settings.policy, settings.adopt
    return PlanPolicy(
        existing=policy.existing,
        vanished=policy.vanished,
        zeros=policy.zeros,
        conflict=policy.conflict,
        conflict_periods=_from_first_period(policy.first_period, periods),
        conflict_owner=policy.owner,
        conflict_reason=policy.reason,
        adopt_stored_by=adopt.stored_by,
        adopt_aggregated=adopt.aggregated,
        retire=retire,
    )


def _from_first_period(first: str, periods: list[str]) -> tuple[str, ...] | None:
    """The periods from a first one on, None for all of them."""
    if not first:
        return None
    start = parse_period(first).start
    return tuple(one for one in periods if parse_period(one).start >= start)
