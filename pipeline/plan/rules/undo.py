"""Undo what a run wrote: its cells are to be again what the ledger said before it."""

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.key import KEY
from pipeline.plan.rules import reasons
from pipeline.plan.rules.policy import WRITING
from schemas.frames import columns, trusted
from schemas.plan import Plan

_REASONS = {
    reasons.NEW: reasons.UNDONE_AGAIN,
    reasons.CHANGED: reasons.UNDONE_BACK,
    reasons.VANISHED: reasons.UNDONE_TAKEN_BACK,
    reasons.SAME: reasons.UNDONE_ALREADY,
    reasons.THEIRS: reasons.CHANGED_BY_SOMEBODY,
    reasons.BOTH_GONE: reasons.REMOVED_BY_SOMEBODY,
}


def cells_to_undo(written: pl.DataFrame, plan: pl.DataFrame) -> pl.DataFrame:
    """What of a run can be undone: what no later run has told of.

    `written`: the key, event, value_before, is_later. `plan`: the plan of that run.
    Gives the key, value (what the cell is to be again, null: nothing), given_back (it was only
    adopted, nothing was written) and by_hand (another's number was overwritten by a decision).
    """
    overwritten = plan.filter(
        pl.col("decision").is_not_null()
        | (pl.col("current_value").is_not_null() & pl.col("ledger_value").is_null())
    ).select(*KEY, overwritten=pl.lit(value=True))
    return (
        written.filter(~pl.col("is_later"))
        .join(overwritten, on=KEY, how="left", validate="1:1", maintain_order="left")
        .select(
            *KEY,
            value="value_before",
            given_back=pl.col("event") == "adopted",
            by_hand=pl.col("overwritten").fill_null(value=False) & (pl.col("event") != "adopted"),
        )
    )


def with_undo_reasons(decided: DataFrame[Plan], undone: pl.DataFrame) -> DataFrame[Plan]:
    """A decided plan told as what it is: nothing of it comes from tracker.

    `undone`: the key, given_back and by_hand of every cell. What was only adopted is given back,
    and where another's number was overwritten a person is asked.
    """
    writes = pl.col("action").is_in(WRITING)
    returned, asked = pl.col("given_back") & writes, pl.col("by_hand") & writes
    reason_id = (
        pl.when(returned)
        .then(pl.lit(reasons.UNDONE_GIVEN_BACK))
        .when(asked)
        .then(pl.lit(reasons.UNDONE_BY_HAND))
        .otherwise(pl.col("reason_id").replace(_REASONS))
    )
    renamed = decided.join(
        undone.select(*KEY, "given_back", "by_hand"),
        on=KEY,
        how="left",
        validate="1:1",
        maintain_order="left",
    ).with_columns(
        action=pl.when(returned)
        .then(pl.lit("close"))
        .when(asked)
        .then(pl.lit("conflict"))
        .otherwise("action"),
        closes_ledger=pl.col("closes_ledger") | returned,
        send=pl.when(~returned & ~asked).then("send"),
        delete=pl.col("delete") & ~returned & ~asked,
        reason_id=reason_id,
        reason=reason_id.replace_strict(reasons.SENTENCES, return_dtype=pl.String),
    )
    return trusted(renamed.select(columns(Plan)), Plan)
