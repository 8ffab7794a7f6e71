"""Nothing vanishes on the way into the target: what was planned is what became of it."""

import polars as pl

from pipeline.cells.bits import form_cell_number, period_number
from pipeline.cells.dictionaries import Dictionaries
from pipeline.plan.rules.policy import WRITING
from schemas.vocabulary import OUTCOMES

_WHERE = ["data_element", "period"]


def counted_cells(cells: pl.Series, known: Dictionaries) -> pl.DataFrame:
    """How many cells there are: data_element, period, cells."""
    cell = pl.col("cell")
    places = cells.to_frame("cell").select(
        form_cell=form_cell_number(cell), number=period_number(cell)
    )
    return (
        places.group_by("form_cell", "number")
        .agg(cells=pl.len())
        .join(
            known.form_cells.select("data_element", form_cell="id"),
            on="form_cell",
            how="left",
            validate="m:1",
        )
        .join(known.periods.select("period", number="id"), on="number", how="left", validate="m:1")
        .group_by(_WHERE)
        .agg(pl.col("cells").sum().cast(pl.Int64))
    )


def balance(planned: pl.DataFrame, ended: pl.DataFrame) -> pl.DataFrame:
    """What was planned for each data element and period, and what became of it, in counts.

    `planned`: data_element, period, action, cells; `ended`: data_element, period, outcome, cells.
    Planned are the cells that would write and those on hold; a hold is an outcome by itself.
    Columns: data_element, period, planned, and one for each outcome; sorted.
    """
    held = planned.filter(pl.col("action") == "hold").select(
        *_WHERE, "cells", outcome=pl.lit("held")
    )
    wanted = planned.filter(pl.col("action").is_in([*WRITING, "hold"]))
    both = pl.concat([ended.select(*_WHERE, "cells", "outcome"), held])
    of_outcome = (pl.col("cells").filter(pl.col("outcome") == one).sum() for one in OUTCOMES)
    counted = both.group_by(_WHERE).agg(
        cells.cast(pl.Int64).alias(outcome)
        for cells, outcome in zip(of_outcome, OUTCOMES, strict=True)
    )
    return (
        wanted.group_by(_WHERE)
        .agg(planned=pl.col("cells").sum().cast(pl.Int64))
        .join(counted, on=_WHERE, how="full", validate="1:1", coalesce=True)
        .with_columns(pl.col("planned", *OUTCOMES).fill_null(0))
        .sort(_WHERE)
    )


def unbalanced(planned: pl.Series, ended: pl.Series) -> pl.Series:
    """The cells that have no outcome, more than one, or one that nobody planned; sorted.

    `planned`: the cells that would write; `ended`: those with an outcome.
    """
    if _are_once_the_same(planned, ended):
        return ended.clear()
    twice = ended.filter(ended.is_duplicated())
    silent = planned.filter(~planned.is_in(ended.implode()))
    uncalled = ended.filter(~ended.is_in(planned.implode()))
    return pl.concat([twice, silent, uncalled]).unique().sort()


def _are_once_the_same(left: pl.Series, right: pl.Series) -> bool:
    """Whether two lists have the same numbers, each once: quicker than to look for others."""
    has_all = not left.has_nulls() and left.sort().equals(right.sort())
    return has_all and left.n_unique() == left.len()


def totals(balanced: pl.DataFrame) -> dict[str, int]:
    """The outcomes of a whole load, in counts."""
    return {outcome: int(balanced[outcome].sum()) for outcome in OUTCOMES}
