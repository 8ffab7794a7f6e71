"""A number is read only where there is no doubt what was meant."""

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
        ("3.2999999999999998", 3.3),
        ("0.30000000000000004", 0.3),
        ("1e+05", 100000),
        ("-1.25e+06", -1250000),
    ],
)
def test_a_number_that_leaves_no_doubt_is_read(text: str, number: float) -> None:
    assert read_number(text).number == number


@pytest.mark.parametrize(
    "text",
    [
        *("n/a", "-", "--", "x", "12*", "~12", "5%", "(5)", "5-", "1e3", "1.2E+05", "#N/A", "."),
        *("inf", "1 23", "12 34", "1 2345", "0 123", "12.", "1,23,456", "1.2.3", "1,234,56", "1;5"),
        *("01,234", "1.234.5,6", "1,234,5", "\u0661\u0662", "0x10", "1_000", "1 234'567", "'12"),
        "1234567890123456",
        *("123456.1234567890123456", "1.23456e+02", "1e+15", "1E+05", "1.00E+05"),
    ],
)
def test_what_may_mean_something_else_is_no_number(text: str) -> None:
    reading = read_number(text)

    assert (reading.number, reading.doubt) == (None, UNREADABLE)


@pytest.mark.parametrize("text", ["", "  ", "\u00a0", "NA", "<NA>", "NaN", "nan", "NULL", "None"])
def test_an_empty_text_and_what_programs_write_for_it_say_nothing(text: str) -> None:
    assert read_number(text).doubt == BLANK


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
    found = [reading.number] if reading.number is not None else []
    for number in [*found, *(reading.if_decimal or {}).values()]:
        digits = "".join(letter for letter in text if letter.isdigit())
        written = f"{number:.10f}".replace(".", "").replace("-", "").strip("0")
        assert written == digits.strip("0")
