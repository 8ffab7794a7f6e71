"""The heat map shows the worst sites, darker where they are farther apart, and stops in time."""

import polars as pl

from pipeline.report.discrepancies.heat_map import MOST_MAP_SITES, heat_map
from tests.support.overviews import MONTHS, empty, from_cells, invented


def sites_of(table: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What the heat map takes."""
    shown = from_cells(table)
    return shown.sites, shown.site_months


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
    shown = invented(120, MONTHS)
    drawn = heat_map(shown.sites, shown.site_months)

    assert len(drawn.sites) == MOST_MAP_SITES
    assert drawn.left_out_sites > 0
    assert drawn.left_out_periods == 6
    assert max(square.x for square in drawn.squares) < drawn.width - drawn.left


def test_periods_of_another_calendar_are_drawn_by_their_ids() -> None:
    shown = from_cells("""
        site | month  | element | tracker | manual
        Aba  | 208313 | Cases   | 5       | 9
    """)

    drawn = heat_map(shown.sites, shown.site_months)

    assert [label.text for label in (*drawn.periods, *drawn.years)] == ["13", "2083"]
    assert shown.cells["period_start"].to_list() == [None]


def test_sites_of_one_name_have_lines_of_their_own_names_on_the_map() -> None:
    overview = invented(sites=4, site_names=["A health centre with a long name"] * 4)

    drawn = heat_map(overview.sites, overview.site_months)

    names = [site.text for site in drawn.sites]
    assert len(set(names)) == len(names) > 1
    assert all(len(name) <= 24 for name in names)


def test_nothing_to_draw_is_an_empty_map() -> None:
    assert heat_map(empty().sites, empty().site_months).squares == []
