"""A period's type, months and name; and what a relative period stands for."""

from datetime import date

import pytest

from sandbox.state.calendar import months_of, period_name, period_type, relative_periods
from tests.sandbox.value_world import table

PERIODS = table("""
    period   | type       | first  | last   | name
    202610   | Monthly    | 202610 | 202610 | October 2026
    202602B  | BiMonthly  | 202603 | 202604 | March - April 2026
    2026Q3   | Quarterly  | 202607 | 202609 | July - September 2026
    2026S2   | SixMonthly | 202607 | 202612 | July - December 2026
    2026     | Yearly     | 202601 | 202612 | 2026
""")


@pytest.mark.parametrize(("period", "kind", "first", "last", "name"), PERIODS)
def test_a_period_holds_months_and_has_a_name(
    period: str, kind: str, first: str, last: str, name: str
) -> None:
    assert period_type(period) == kind
    assert (months_of(period)[0], months_of(period)[-1]) == (first, last)
    assert period_name(period) == name


def test_a_week_is_a_period_without_months_and_thirteen_is_no_month() -> None:
    assert (period_type("2026W40"), months_of("2026W40")) == ("Weekly", [])
    assert period_type("202613") == ""


RELATIVE = [
    ("THIS_MONTH", ["202611"]),
    ("LAST_MONTH", ["202610"]),
    ("LAST_3_MONTHS", ["202608", "202609", "202610"]),
    ("LAST_QUARTER", ["2026Q3"]),
    ("THIS_YEAR", ["2026"]),
    ("202610", []),
]


@pytest.mark.parametrize(("name", "periods"), RELATIVE)
def test_a_relative_period_stands_for_periods_of_today(name: str, periods: list[str]) -> None:
    assert list(relative_periods(name, date(2026, 11, 23))) == periods
