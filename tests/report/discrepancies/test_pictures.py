"""A picture shows the newest periods, and counts those that it leaves out."""

import polars as pl

from pipeline.report.discrepancies.pictures import newest_periods
from tests.support.frames import frame


def test_the_newest_periods_are_numbered_and_older_ones_are_counted() -> None:
    cells = frame("""
        period | period_start
        202603 | 2026-03-01
        202601 | 2026-01-01
        202603 | 2026-03-01
        202602 | 2026-02-01
    """).with_columns(pl.col("period_start").str.to_date())

    shown, left_out = newest_periods(cells, 2)

    assert shown.select("place", "period").rows() == [(0, "202602"), (1, "202603")]
    assert left_out == 1


def test_a_period_without_a_first_day_comes_last() -> None:
    cells = frame("""
        period | period_start
        208301 | -
        202601 | 2026-01-01
    """).with_columns(pl.col("period_start").str.to_date())

    shown, left_out = newest_periods(cells, 9)

    assert shown["period"].to_list() == ["202601", "208301"]
    assert left_out == 0
