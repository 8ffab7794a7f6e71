"""Nothing vanishes on the way into the target: what was planned is what became of it."""

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.key import KEY
from pipeline.plan.rules.policy import WRITING
from schemas.frames import trusted
from schemas.load import LoadPlan, NumberedOutcomes
from schemas.values import CellKeys
from schemas.vocabulary import OUTCOMES

_WHERE = ["data_element", "period"]


def balance(plan: DataFrame[LoadPlan], outcomes: DataFrame[NumberedOutcomes]) -> pl.DataFrame:
    """What was planned for each data element and period, and what became of it, in counts.

    Planned are the cells that would write and those on hold; a hold is an outcome by itself.
    Columns: data_element, period, planned, and one for each outcome; sorted.
    """
    cells = plan.select(*KEY, "action")  # the rest would only be carried along
    held = cells.filter(pl.col("action") == "hold").select(*KEY, outcome=pl.lit("held"))
    planned = cells.filter(pl.col("action").is_in([*WRITING, "hold"]))
    ended = pl.concat([outcomes.select(*KEY, "outcome"), held])
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


def unbalanced(
    plan: DataFrame[LoadPlan], outcomes: DataFrame[NumberedOutcomes]
) -> DataFrame[CellKeys]:
    """The keys of cells that have no outcome, more than one, or one nobody planned; sorted."""
    planned = plan.select("action", *KEY, "cell").filter(pl.col("action").is_in(WRITING))
    if _are_once_the_same(planned["cell"], outcomes["cell"]):
        return trusted(plan.select(KEY).clear(), CellKeys)
    counted = outcomes.group_by("cell").agg(pl.len().alias("times"))
    repeated = counted.filter(pl.col("times") > 1)
    twice = outcomes.join(repeated, on="cell", how="semi").unique("cell")
    silent = planned.join(outcomes, on="cell", how="anti")
    uncalled = outcomes.join(planned, on="cell", how="anti").unique("cell")
    wrong = pl.concat(cells.select(KEY) for cells in (twice, silent, uncalled)).sort(KEY)
    return trusted(wrong, CellKeys)


def _are_once_the_same(left: pl.Series, right: pl.Series) -> bool:
    """Whether two lists have the same numbers, each once: quicker than to look for others."""
    has_all = not left.has_nulls() and left.sort().equals(right.sort())
    return has_all and left.n_unique() == left.len()


def totals(balanced: pl.DataFrame) -> dict[str, int]:
    """The outcomes of a whole load, in counts."""
    return {outcome: int(balanced[outcome].sum()) for outcome in OUTCOMES}
