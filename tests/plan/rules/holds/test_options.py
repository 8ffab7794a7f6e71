"""An option that is over, not begun, or meant for other org units shuts what it is part of."""

from datetime import date

import polars as pl

from pipeline.cells.period_days import period_days
from pipeline.plan.rules.holds.options import not_here, options_of, out_of_date
from tests.support.frames import frame

COMBOS = pl.DataFrame(
    {
        "id": ["default", "old", "both", "free"],
        "category_options": [["any"], ["ended"], ["ended", "begun"], ["always"]],
    }
)
OPTIONS = options_of(COMBOS, ["old", "both", "free", "stranger"])
VALID = pl.DataFrame(
    {
        "id": ["ended", "begun", "always"],
        "start_date": [None, date(2026, 9, 30), None],
        "end_date": [date(2026, 10, 1), None, None],
        "org_units": [["north"], ["north", "south"], []],
    },
    schema_overrides={"start_date": pl.Date, "end_date": pl.Date},
)


def test_an_option_is_valid_in_each_period_that_it_touches() -> None:
    periods = period_days(["202608", "202609", "202610", "202611"])

    held = out_of_date(OPTIONS, VALID, periods)

    assert sorted(held.rows()) == [
        ("both", "202608", "option_out_of_date"),
        ("both", "202611", "option_out_of_date"),
        ("old", "202611", "option_out_of_date"),
    ]


def test_an_option_is_meant_for_all_that_lies_below_its_org_units() -> None:
    org_units = frame("""
        id     | path
        north  | /land/north
        clinic | /land/north/clinic
        south  | /land/south
        land   | /land
    """)

    held = not_here(OPTIONS, VALID, org_units)

    assert sorted(held.rows()) == [
        ("both", "land", "option_not_here"),
        ("both", "south", "option_not_here"),
        ("old", "land", "option_not_here"),
        ("old", "south", "option_not_here"),
    ]


def test_without_such_combos_nothing_is_shut() -> None:
    nothing = options_of(COMBOS, ["stranger"])

    assert out_of_date(nothing, VALID, period_days(["202611"])).is_empty()
    assert not_here(nothing, VALID, frame("id | path\n land | /land")).is_empty()
