"""Pictures are drawn to one scale, say in words what they show, and stop at what can be read."""

import polars as pl
import pytest

from pipeline.report.discrepancies.districts import (
    MOST_PANEL_PERIODS,
    MOST_PANELS,
    Panels,
    district_panels,
)
from pipeline.report.discrepancies.heat_map import MOST_MAP_SITES, heat_map
from tests.support.frames import frame
from tests.support.overviews import MONTHS, empty, from_cells, invented


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


def test_the_heat_map_shows_the_worst_sites_and_darker_is_farther_apart() -> None:
    drawn = heat_map(
        *sites_of("""
            site   | month  | element | tracker | manual
            Aba    | 202601 | Cases   | 300     | 100
            Aba    | 202602 | Cases   | 10      | 10
            Bori   | 202602 | Cases   | 12      | -
            Calabo | 202601 | Cases   | 5       | 5
        """)
    )

    assert [site.text for site in drawn.sites] == ["Aba", "Bori"]
    assert [(square.number, square.shade) for square in drawn.squares] == [
        ("200", 4),
        ("0", 0),
        ("12", 2),
    ]
    assert drawn.shades == ["0", "under 5", "5 to under 20", "20 to under 100", "100 or more"]
    assert drawn.squares[0].tooltip == "Aba, Jan 2026: gap 200; 0 of 1 number agree"


def test_the_heat_map_stops_at_what_can_be_read() -> None:
    told = invented(120, MONTHS)
    drawn = heat_map(told.sites, told.site_months)

    assert len(drawn.sites) == MOST_MAP_SITES
    assert drawn.left_out_sites > 0
    assert drawn.left_out_periods == 6
    assert max(square.x for square in drawn.squares) < drawn.width - drawn.left


def test_nothing_to_draw_is_an_empty_picture() -> None:
    told = empty()

    assert district_panels(told.district_months).panels == []
    assert heat_map(told.sites, told.site_months).squares == []


def test_periods_of_another_calendar_are_drawn_by_their_ids() -> None:
    told = from_cells("""
        site | month  | element | tracker | manual
        Aba  | 208313 | Cases   | 5       | 9
    """)

    drawn = heat_map(told.sites, told.site_months)

    assert [label.text for label in (*drawn.periods, *drawn.years)] == ["13", "2083"]
    assert told.cells["period_start"].to_list() == [None]


def sites_of(table: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give what the heat map takes."""
    told = from_cells(table)
    return told.sites, told.site_months


def test_sites_of_one_name_have_lines_of_their_own_names_on_the_map() -> None:
    overview = invented(sites=4, site_names=["A health centre with a long name"] * 4)

    drawn = heat_map(overview.sites, overview.site_months)

    names = [site.text for site in drawn.sites]
    assert len(set(names)) == len(names) > 1
    assert all(len(name) <= 24 for name in names)
