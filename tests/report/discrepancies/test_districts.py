"""Districts are drawn to one scale, say in words what they show, and stop at what can be read."""

import polars as pl
import pytest

from pipeline.report.discrepancies.districts import (
    MOST_PANEL_PERIODS,
    MOST_PANELS,
    Panels,
    district_panels,
)
from tests.support.frames import frame
from tests.support.overviews import empty, invented


def panels_of(table: str) -> Panels:
    """Draw what `district | period | difference` says."""
    rows = frame(table, difference=pl.Float64)
    return district_panels(
        rows.with_columns(
            period_start=pl.col("period").str.to_date("%Y%m"),
            tracker_total=pl.col("difference"),
            manual_total=pl.lit(0.0),
        )
    )


def test_the_district_that_is_farthest_off_comes_first_and_all_have_one_scale() -> None:
    drawn = panels_of("""
        district | period | difference
        Amblé    | 202601 | 5
        Amblé    | 202602 | -1
        Brisso   | 202601 | -10
        Brisso   | 202602 | -
    """)

    worst, other = drawn.panels
    assert (worst.district, worst.total, other.district, other.total) == (
        "Brisso",
        "−10",  # noqa: RUF001  # a minus
        "Amblé",
        "+4",
    )
    assert worst.bars[0].height == pytest.approx(2 * other.bars[0].height, abs=0.2)
    assert [bar.higher for bar in (*worst.bars, *other.bars)] == [False, True, False]


def test_a_month_with_a_silent_side_is_a_mark_and_no_bar() -> None:
    drawn = panels_of("""
        district | period | difference
        Brisso   | 202601 | -10
        Brisso   | 202602 | -
    """)

    (panel,) = drawn.panels
    assert [mark.text for mark in panel.silences] == ["Feb 2026: one side is silent"]
    assert len(panel.bars) == 1
    assert panel.description == (
        "Tracker is higher in 0 periods and lower in 1; one side is silent in 1; "
        "the largest difference is −10 in Jan 2026."  # noqa: RUF001  # a minus
    )


def test_no_bar_leaves_its_picture() -> None:
    drawn = district_panels(invented().district_months)

    for panel in drawn.panels:
        for bar in panel.bars:
            assert bar.x >= 0
            assert bar.x + bar.width <= drawn.width
            assert bar.y >= 0
            assert bar.y + bar.height <= drawn.height


def test_only_the_worst_districts_and_newest_periods_are_drawn_and_the_rest_is_counted() -> None:
    months = [f"{year}{month:02}" for year in (2024, 2025, 2026) for month in range(1, 13)]
    drawn = district_panels(
        invented(40, months, districts=[f"District {at}" for at in range(20)]).district_months
    )

    assert (len(drawn.panels), drawn.left_out_districts) == (MOST_PANELS, 20 - MOST_PANELS)
    assert (drawn.periods, drawn.left_out_periods) == (MOST_PANEL_PERIODS, 12)
    assert (drawn.first, drawn.last) == ("Jan 2025", "Dec 2026")


def test_nothing_to_draw_is_an_empty_picture() -> None:
    assert district_panels(empty().district_months).panels == []
