"""A spreadsheet takes zeros from codes and digits from long ones; what it did can be told."""

from decimal import Decimal

import pytest

from pipeline.text.spreadsheets import as_number, hint, is_rounded, may_be_cut, may_come_from


@pytest.mark.parametrize(
    ("code", "number"),
    [("0012", 12), ("12", 12), ("12.0", 12), ("4E2", 400), ("A12", None), ("1-2", None)],
)
def test_a_code_of_digits_is_taken_for_a_number(code: str, number: int | None) -> None:
    assert as_number(code) == (None if number is None else Decimal(number))


@pytest.mark.parametrize(
    ("text", "is_so"),
    [("12", True), ("12.0", True), ("12,0", True), ("0", True), ("0012", False), ("12.5", False)],
)
def test_what_a_spreadsheet_writes_has_no_zeros_in_front(text: str, *, is_so: bool) -> None:
    assert may_be_cut(text) is is_so


@pytest.mark.parametrize(
    ("text", "code", "is_so"),
    [
        ("1.2E+11", "120000000000", True),
        ("1.2E+11", "123456789012", True),
        ("1,2E+11", "123456789012", True),
        ("1.2E+11", "126000000000", False),
        ("1.23457E+11", "123456789012", True),
        ("1.23457E+11", "123450000000", False),
        ("1.2E+11", "A23456789012", False),
        ("1234567890123450", "1234567890123456", True),
        ("1234567890123450", "1234567890123999", False),
        ("1234567890123450", "123456789012345", False),
    ],
)
def test_a_rounded_text_may_come_from_codes_that_round_to_it(
    text: str, code: str, *, is_so: bool
) -> None:
    assert is_rounded(text)
    assert may_come_from(text, code) is is_so


def test_whole_codes_are_not_rounded() -> None:
    assert not any(map(is_rounded, ["12", "E11", "4E2", "123456789012", "1234567890123456", "12E"]))


@pytest.mark.parametrize(
    ("text", "says"),
    [("1.23457E+10", "rounded"), ("123456", "zeros"), ("ouHill", ""), ("", "")],
)
def test_an_id_that_became_a_number_is_told_with_what_happened(text: str, says: str) -> None:
    assert (says in hint(text)) if says else (hint(text) == "")
