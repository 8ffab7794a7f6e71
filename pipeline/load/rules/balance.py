"""Nothing vanishes on the way into the target: what was planned is what became of it."""

import polars as pl

from pipeline.cells.key import KEY
from pipeline.cells.packing import same_cell
from pipeline.load.rules.judging import OUTCOMES
from pipeline.plan.rules.policy import WRITING

_WHERE = ["data_element", "period"]


def balance(plan: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """Count for each data element and period what was planned and what became of it.

    Planned are the cells that would write and those on hold; a hold is an outcome by itself.
    Columns: data_element, period, planned, and one for each outcome; sorted.
    """
    cells = plan.select(*KEY, "action")  # the rest would only be carried along
    held = cells.filter(pl.col("action") == "hold").select(*KEY, outcome=pl.lit("held"))
    planned = cells.filter(pl.col("action").is_in([*WRITING, "hold"]))
    ended = pl.concat([told.select(*KEY, "outcome"), held])
    counted = ended.group_by(_WHERE).agg(
        (pl.col("outcome") == outcome).sum().cast(pl.Int64).alias(outcome) for outcome in OUTCOMES
    )
    return (
        planned.group_by(_WHERE)
        .agg(planned=pl.len().cast(pl.Int64))
        .join(counted, on=_WHERE, how="full", validate="1:1", coalesce=True)
        .with_columns(pl.col("planned", *OUTCOMES).fill_null(0))
        .sort(_WHERE)
    )


def unbalanced(plan: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """Give the cells (their keys) that have no outcome, more than one, or one nobody planned."""
    on = same_cell(plan, told)
    planned = plan.select("action", *KEY, *({*on} - {*KEY})).filter(pl.col("action").is_in(WRITING))
    if on == ["cell"] and _are_once_the_same(planned["cell"], told["cell"]):
        return plan.select(KEY).clear()
    counted = told.group_by(on).agg(pl.len().alias("times"))
    twice = told.join(counted.filter(pl.col("times") > 1), on=on, how="semi").unique(on)
    silent = planned.join(told, on=on, how="anti")
    uncalled = told.join(planned, on=on, how="anti").unique(on)
    return pl.concat(cells.select(KEY) for cells in (twice, silent, uncalled)).sort(KEY)


def _are_once_the_same(left: pl.Series, right: pl.Series) -> bool:
    """Tell whether two lists have the same numbers, each once: quicker than to look for others."""
    has_all = not left.has_nulls() and left.sort().equals(right.sort())
    return has_all and left.n_unique() == left.len()


def totals(balanced: pl.DataFrame) -> dict[str, int]:
    """Count the outcomes of a whole load."""
    return {outcome: int(balanced[outcome].sum()) for outcome in OUTCOMES}
