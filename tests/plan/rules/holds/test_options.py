"""An option that is over, not begun, or meant for other org units shuts what it is part of."""

from datetime import date

import polars as pl

from pipeline.cells.period_days import period_days
from pipeline.plan.rules.holds.options import not_here, options_of, out_of_date, validity
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


FORMS = pl.DataFrame({"id": ["strict", "patient"], "open_periods_after_end": [0, 1]})
MONTHS = period_days(["202608", "202609", "202610", "202611"])


def held(*, whole: bool, form: str) -> list[tuple[str, ...]]:
    valid = validity(VALID, FORMS, "Monthly")
    shut = out_of_date(OPTIONS, valid, MONTHS, whole=whole).filter(pl.col("data_set") == form)
    return sorted(shut.select("attribute_option_combo", "period").rows())


def test_up_to_2_42_an_option_is_valid_in_each_period_that_it_touches() -> None:
    assert held(whole=False, form="strict") == [
        ("both", "202608"),
        ("both", "202611"),
        ("old", "202611"),
    ]


def test_from_2_43_on_an_option_is_valid_in_a_period_that_lies_wholly_between_its_dates() -> None:
    assert held(whole=True, form="strict") == [
        ("both", "202608"),
        ("both", "202609"),
        ("both", "202610"),
        ("both", "202611"),
        ("old", "202610"),
        ("old", "202611"),
    ]


def test_a_form_that_stays_open_after_the_end_takes_whole_periods_more() -> None:
    assert held(whole=False, form="patient") == [("both", "202608")]
    assert held(whole=True, form="patient") == [("both", "202608"), ("both", "202609")]


def test_an_option_is_meant_for_all_that_lies_below_its_org_units() -> None:
    org_units = frame("""
        id     | path
        north  | /land/north
        clinic | /land/north/clinic
        south  | /land/south
        land   | /land
    """)

    shut = not_here(OPTIONS, VALID, org_units)

    assert sorted(shut.rows()) == [
        ("both", "land", "option_not_here"),
        ("both", "south", "option_not_here"),
        ("old", "land", "option_not_here"),
        ("old", "south", "option_not_here"),
    ]


def test_without_such_combos_nothing_is_shut() -> None:
    nothing = options_of(COMBOS, ["stranger"])

    valid = validity(VALID, FORMS, "Monthly")

    assert out_of_date(nothing, valid, MONTHS, whole=True).is_empty()
    assert not_here(nothing, VALID, frame("id | path\n land | /land")).is_empty()
