"""A period is read as people and spreadsheets write it, where there is no doubt what was meant."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cells.period_types import TYPES
from pipeline.cells.periods import period_of
from pipeline.cells.written_periods import (
    MONTH_OF,
    MONTHS,
    read_period_of_any_type,
    read_periods,
)


def read(text: str, period_type: str = "Monthly") -> str | None:
    return read_periods([text], period_type).get(text)


@pytest.mark.parametrize(
    "text",
    [
        *("202610", "202610.0", "2026-10", "2026/10", "2026 10", "2026.10", "2026M10", "10/2026"),
        *("Oct-26", "Oct 26", "oct.-26", "OCT 2026", "October 2026", "2026 October", "octobre 26"),
        *("outubro de 2026", "Octubre, 2026", "2026-10-01", "20261001", "2026-10-01 00:00:00"),
        *("2026-10-01T00:00:00", "01/10/2026", "1/10/2026", "01.10.2026", "10/01/2026", "46296"),
        "46296.0",
    ],
)
def test_october_2026_is_read_in_any_of_its_spellings(text: str) -> None:
    assert read(text) == "202610"


@pytest.mark.parametrize(
    ("text", "period"),
    [("août-26", "202608"), ("Sept 2026", "202609"), ("Fév-27", "202702"), ("juin-26", "202606")],
)
def test_the_names_of_months_are_known_with_and_without_accents(text: str, period: str) -> None:
    assert read(text) == period


@pytest.mark.parametrize(
    "text",
    [
        *("jui-26", "2026", "Oct", "26-10", "10-26", "2026-13", "month 10", "Oct-26 Nov-26"),
        *("2026-10-02", "15/10/2026", "46297", "31/02/2026", "Q4 2026", "2610", "12 October 2026x"),
    ],
)
def test_what_may_mean_something_else_is_no_month(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "period_type", "period"),
    [
        ("W53 2026", "Weekly", "2026W53"),
        ("2026-W53", "Weekly", "2026W53"),
        ("Week 53 2026", "Weekly", "2026W53"),
        ("W53/2026", "Weekly", "2026W53"),
        ("Semaine 5 2026", "Weekly", "2026W5"),
        ("202653", "Weekly", "2026W53"),
        ("2027W01", "Weekly", "2027W1"),
        ("2026-12-28", "Weekly", "2026W53"),
        ("Q1 2026", "Quarterly", "2026Q1"),
        ("T1-2026", "Quarterly", "2026Q1"),
        ("2026 Trim. 1", "Quarterly", "2026Q1"),
        ("S1 2026", "SixMonthly", "2026S1"),
        ("2026 H2", "SixMonthly", "2026S2"),
        ("Semestre 2 2026", "SixMonthly", "2026S2"),
        ("2026/27", "FinancialJuly", "2026July"),
        ("2026-2027", "FinancialOct", "2026Oct"),
        ("2026/27", "FinancialApril", "2026April"),
        ("2026/27", "FinancialNov", "2027Nov"),
        ("2026.0", "Yearly", "2026"),
    ],
)
def test_other_types_are_read_as_they_are_written(text: str, period_type: str, period: str) -> None:
    assert read(text, period_type) == period


@pytest.mark.parametrize(
    ("text", "period_type"),
    [
        *(("2025W53", "Weekly"), ("2026W54", "Weekly"), ("Q5 2026", "Quarterly")),
        *(("2026/28", "FinancialJuly"), ("2026/27", "Yearly"), ("S1 2026", "Quarterly")),
    ],
)
def test_a_period_that_there_is_not_is_not_read(text: str, period_type: str) -> None:
    assert read(text, period_type) is None


@pytest.mark.parametrize(
    ("text", "period"),
    [
        *(("Oct-26", "202610"), ("Q4 2026", "2026Q4"), ("S1 2026", "2026S1"), ("2026", "2026")),
        *(
            ("2026/27", None),
            ("2026-10-01", None),
            ("209913", None),
            ("nonsense", None),
            ("", None),
        ),
    ],
)
def test_without_a_type_only_what_one_type_has_is_read(text: str, period: str | None) -> None:
    assert read_period_of_any_type(text) == period


def test_a_column_of_days_of_reporting_names_no_period() -> None:
    assert read_periods(["01/10/2026", "13/10/2026"], "Monthly") == {}
    assert read_periods(["46296", "46310", "2026-10"], "Monthly") == {"2026-10": "202610"}


def test_a_column_of_first_days_names_its_periods() -> None:
    texts = ["01/10/2026", "01/11/2026", "01/01/2027"]

    assert list(read_periods(texts, "Monthly").values()) == ["202610", "202611", "202701"]


@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.sampled_from(sorted(TYPES)))
def test_an_id_is_read_as_itself_and_so_is_the_day_it_begins_on(
    day: date, period_type: str
) -> None:
    period = period_of(period_type, day)

    assert read(period.id, period_type) == period.id
    assert read(period.start.isoformat(), period_type) == period.id


def test_no_cut_name_of_a_month_stands_for_two() -> None:
    for number, names in enumerate(MONTHS, start=1):
        for name in names:
            for length in range(3, len(name) + 1):
                assert MONTH_OF.get(name[:length], number) == number
