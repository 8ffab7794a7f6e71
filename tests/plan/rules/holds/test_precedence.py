"""Of all that shuts a cell, the first reason is named."""

from datetime import date

import polars as pl
import pytest

from pipeline.plan.rules.holds.precedence import first_hold

DATES = {"opening_date": pl.Date, "closed_date": pl.Date}
START, END = date(2026, 10, 1), date(2026, 10, 31)
EVERYTHING = {
    "form_hold": "form",
    "assigned": False,
    "path_hold": "path",
    "closed_date": date(2026, 9, 30),
    "opening_date": date(2026, 11, 1),
    "option_hold": "option",
    "period_hold": "period",
}
NOTHING = {
    "form_hold": None,
    "assigned": True,
    "path_hold": None,
    "closed_date": START,
    "opening_date": END,
    "option_hold": None,
    "period_hold": None,
    "unlocked_hold": None,
    "lock_exception": False,
}


def first_of(**cell: object) -> str | None:
    row = pl.DataFrame(
        [NOTHING | cell],
        schema_overrides={
            **DATES,
            "form_hold": pl.String,
            "path_hold": pl.String,
            "option_hold": pl.String,
            "period_hold": pl.String,
            "unlocked_hold": pl.String,
        },
    )
    hold = row.select(first_hold(pl.col("assigned"), pl.lit(START), pl.lit(END))).item()
    assert hold is None or isinstance(hold, str)
    return hold


def test_the_first_reason_is_told() -> None:
    left = dict(EVERYTHING)
    told = []
    for member in EVERYTHING:
        told.append(first_of(**left))
        del left[member]

    order = ["form", "not_assigned", "path", "closed", "not_open_yet", "option", "period"]
    assert told == order
    assert first_of() is None


def test_where_a_lock_is_opened_what_else_shuts_is_told() -> None:
    locked = {"period_hold": "expired", "lock_exception": True}

    assert first_of(**locked) is None
    assert first_of(**locked, unlocked_hold="input_closed") == "input_closed"


@pytest.mark.parametrize(
    ("member", "day", "hold"),
    [
        ("closed_date", date(2026, 9, 30), "closed"),
        ("closed_date", date(2026, 10, 1), None),
        ("opening_date", date(2026, 10, 31), None),
        ("opening_date", date(2026, 11, 1), "not_open_yet"),
    ],
)
def test_an_org_unit_that_is_open_for_one_day_of_a_period_is_open(
    member: str, day: date, hold: str | None
) -> None:
    assert first_of(**{member: day}) == hold
