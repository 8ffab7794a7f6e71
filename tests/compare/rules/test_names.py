"""What people know a cell by: names where there are any, with ids where two look alike."""

from datetime import date

import polars as pl

from pipeline.compare.rules.discrepancies import Tolerance, compare
from pipeline.compare.rules.names import CellNames, with_names
from tests.support.frames import frame
from tests.support.sides import NAMES, side


def test_districts_of_one_name_are_told_apart_and_what_has_no_name_goes_by_its_id() -> None:
    cells = compare(
        side(("ou_a", 1), ("ou_b", 1), ("ou_c", 1), ("ou_n", 1), ("ou_x", 1)),
        side(),
        Tolerance(),
    )

    named = with_names(cells, NAMES, district_level=2)

    assert named.select("org_unit_name", "district").rows() == [
        ("Aba", "Harbour (ou_d1)"),
        ("Bori", "Harbour (ou_d2)"),
        ("Calabo", "Hills"),
        ("North", "North"),
        ("ou_x", "ou_x"),
    ]
    assert named["period_start"].unique().to_list() == [date(2026, 10, 1)]
    assert named["category_option_combo_name"].unique().to_list() == ["Male"]


def test_sites_and_elements_of_one_name_are_told_apart_and_combos_are_not() -> None:
    alike = CellNames(
        frame("""
            id        | name
            de_cases  | Hill
            de_deaths | Hill
        """),
        NAMES.category_option_combos.with_columns(name=pl.lit("Hill")),
        NAMES.org_units.with_columns(name=pl.lit("Hill")),
    )
    values = side(("ou_a", 1), ("ou_b", 1))
    both = pl.concat([values, values.with_columns(data_element=pl.lit("de_deaths"))])

    named = with_names(compare(both, side(), Tolerance()), alike, district_level=2)

    assert set(named["org_unit_name"]) == {"Hill (ou_a)", "Hill (ou_b)"}
    assert set(named["data_element_name"]) == {"Hill (de_cases)", "Hill (de_deaths)"}
    assert set(named["category_option_combo_name"]) == {"Hill"}


def test_a_period_of_another_calendar_has_no_first_day() -> None:
    strange = side(("ou_a", 1)).with_columns(period=pl.lit("2083-Baisakh"))

    named = with_names(compare(strange, side(), Tolerance()), NAMES, district_level=2)

    assert named["period_start"].to_list() == [None]
