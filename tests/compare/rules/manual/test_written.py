"""A number or a period is read only where there is no doubt what was meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.compare.rules.manual.numbers import (
    AMBIGUOUS,
    BLANK,
    UNREADABLE,
    read_number,
    read_numbers,
)
from pipeline.compare.rules.manual.periods import _MONTHS, MONTH_OF, read_period


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        ("12 ", 12),
        ("\u00a012\t", 12),
        ("007", 7),
        ("0", 0),
        ("-5", -5),
        ("\u22125", -5),
        ("+5", 5),
        ("-0", 0),
        ("1 234", 1234),
        ("12 345 678", 12345678),
        ("1\u202f234", 1234),
        ("1'234", 1234),
        ("1 234,5", 1234.5),
        ("12.5", 12.5),
        ("12,5", 12.5),
        (".5", 0.5),
        ("12.0", 12),
        ("0,125", 0.125),
        ("1234,567", 1234.567),
        ("1,234,567", 1234567),
        ("1.234,5", 1234.5),
        ("1,234.50", 1234.5),
        ("-1,234.50", -1234.5),
    ],
)
def test_a_number_that_leaves_no_doubt_is_read(text: str, number: float) -> None:
    assert read_number(text).number == number


@pytest.mark.parametrize(
    "text",
    [
        *("n/a", "-", "--", "x", "12*", "~12", "5%", "(5)", "5-", "1e3", "1.2E+05", "#N/A", "nan"),
        *("inf", "1 23", "12 34", "1 2345", "0 123", "12.", "1,23,456", "1.2.3", "1,234,56", "1;5"),
        *("01,234", "1.234.5,6", "1,234,5", "\u0661\u0662", "0x10", "1_000", "1 234'567", "'12"),
        "1234567890123456",
        "0.1234567890123456",
    ],
)
def test_what_may_mean_something_else_is_no_number(text: str) -> None:
    reading = read_number(text)

    assert (reading.number, reading.doubt) == (None, UNREADABLE)


def test_an_empty_text_says_nothing() -> None:
    assert {read_number(text).doubt for text in ("", "  ", "\u00a0")} == {BLANK}


@pytest.mark.parametrize(
    ("others", "number"),
    [
        ([], None),
        (["12", "7"], None),
        (["12.5"], 1234),
        (["1,234,567"], 1234),
        (["1,000.25"], 1234),
        (["12,5"], 1.234),
        (["1.234.567"], 1.234),
        (["0,125"], 1.234),
        (["12,5", "12.5"], None),
    ],
)
def test_a_comma_before_three_digits_is_settled_only_by_the_other_numbers(
    others: list[str], number: float | None
) -> None:
    reading = read_numbers(["1,234", *others])["1,234"]

    assert reading.number == number
    assert reading.doubt == (AMBIGUOUS if number is None else "")


def test_what_is_settled_keeps_its_sign() -> None:
    assert read_numbers(["-1.234", "0,5"])["-1.234"].number == -1234


@given(st.integers(-(10**14), 10**14), st.sampled_from(["", " ", "\u00a0", "'"]))
def test_a_whole_number_is_read_as_it_was_meant(number: int, between: str) -> None:
    assert read_number(f"{number:,}".replace(",", between)).number == number


@given(st.text(alphabet="0123456789.,-' ", max_size=12))
def test_no_text_is_read_as_a_number_with_other_digits(text: str) -> None:
    reading = read_number(text)
    told = [reading.number] if reading.number is not None else []
    for number in [*told, *(reading.if_decimal or {}).values()]:
        digits = "".join(letter for letter in text if letter.isdigit())
        written = f"{number:.10f}".replace(".", "").replace("-", "").strip("0")
        assert written == digits.strip("0")


@pytest.mark.parametrize(
    "text",
    [
        *("202610", " 202610 ", "2026-10", "2026/10", "2026 10", "10/2026", "10-2026", "2026M10"),
        *("Oct 2026", "October 2026", "2026 October", "oct. 2026", "OCTOBER, 2026", "octobre 2026"),
        *("outubro de 2026", "octubre 2026", "Out 2026", "2026-10-01", "20261001", "2026/10/01"),
        *("2026-10-01T00:00:00.000", "2026-10-01 00:00:00"),
    ],
)
def test_a_month_may_be_spelled_in_many_ways(text: str) -> None:
    assert read_period(text, "Monthly") == "202610"


@pytest.mark.parametrize(
    ("text", "period_type", "period"),
    [
        ("2026-1", "Monthly", "202601"),
        ("août 2026", "Monthly", "202608"),
        ("févr. 2026", "Monthly", "202602"),
        ("2026Q4", "Quarterly", "2026Q4"),
        ("Q4 2026", "Quarterly", "2026Q4"),
        ("2026-T4", "Quarterly", "2026Q4"),
        ("2026-10-01", "Quarterly", "2026Q4"),
        ("2026-W05", "Weekly", "2026W5"),
        ("2026-01-26", "Weekly", "2026W5"),
        ("2026", "Yearly", "2026"),
        ("2026-01-01", "Yearly", "2026"),
        ("20261015", "Daily", "20261015"),
        ("2026-10-15", "Daily", "20261015"),
    ],
)
def test_a_period_of_another_type_may_too(text: str, period_type: str, period: str) -> None:
    assert read_period(text, period_type) == period


@pytest.mark.parametrize(
    "text",
    [
        *("", "Total", "10", "2026", "Oct", "Oct-26", "26-Oct", "10/26", "2026-13", "2026-00"),
        *("2026-10-15", "2026-10-31", "01/10/2026", "10/01/2026", "2026.1", "2026.10", "2026Q4"),
        *("Oct Nov 2026", "Oct 2026 2027", "Week Oct 2026", "jui 2026", "2026-02-30", "2026101"),
    ],
)
def test_a_month_that_may_be_another_is_not_read(text: str) -> None:
    assert read_period(text, "Monthly") is None


def test_no_name_of_a_month_is_the_beginning_of_another_months() -> None:
    doubtful = {
        name[:length]
        for number, names in enumerate(_MONTHS, start=1)
        for name in names
        for length in range(3, len(name) + 1)
        if MONTH_OF.get(name[:length]) != number
    }

    assert doubtful == {"jui"}
