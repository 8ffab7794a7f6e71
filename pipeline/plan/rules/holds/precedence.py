"""The reason that is named of all that shut a cell."""

import polars as pl

from pipeline.plan.rules import reasons


def first_hold(assigned: pl.Expr, start: pl.Expr, end: pl.Expr) -> pl.Expr:
    """The first reason why a cell may not be written, null when it may.

    Reads form_hold, path_hold, option_hold, opening_date, closed_date, period_hold, and, where
    lock_exception, unlocked_hold in its place; `assigned` tells whether the org unit belongs to
    the data set, `start` and `end` are the period's dates.
    """
    return pl.coalesce(
        pl.col("form_hold"),
        pl.when(~assigned).then(pl.lit(reasons.NOT_ASSIGNED)),
        pl.col("path_hold"),
        pl.when(pl.col("closed_date") < start).then(pl.lit(reasons.CLOSED)),
        pl.when(pl.col("opening_date") > end).then(pl.lit(reasons.NOT_OPEN_YET)),
        pl.col("option_hold"),
        pl.when("lock_exception").then(pl.col("unlocked_hold")).otherwise(pl.col("period_hold")),
    )
