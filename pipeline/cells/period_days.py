"""The days of periods, as a frame that others join."""

from collections.abc import Iterable

import polars as pl

from pipeline.cells.periods import parse_period


def period_days(periods: Iterable[str]) -> pl.DataFrame:
    """The first and last day of periods, by their ids: period, start, end.

    Raises `UsageError` for what is no period.
    """
    known = map(parse_period, periods)
    return pl.DataFrame(
        [(period.id, period.start, period.end) for period in known],
        schema={"period": pl.String, "start": pl.Date, "end": pl.Date},
        orient="row",
    )
