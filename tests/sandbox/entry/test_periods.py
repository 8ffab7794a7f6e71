"""A text is found to be a period, or refused as 2.43 refuses it."""

from datetime import date

import pytest

from sandbox.entry.periods import find_period, lies_between, not_a_period


def test_a_month_may_have_a_dash() -> None:
    period = find_period("2026-10")

    assert period is not None
    assert period.id == "202610"


@pytest.mark.parametrize("text", [None, "", "2026XX", "soon"])
def test_what_is_no_period_is_none(text: str | None) -> None:
    assert find_period(text) is None


@pytest.mark.parametrize(
    ("text", "said"), [("2026XX", "at position 5 but found: `X`"), ("20", "3 but found: `EOI`")]
)
def test_the_refusal_names_the_first_sign_that_is_no_digit(text: str, said: str) -> None:
    assert said in not_a_period(text)


def test_a_period_lies_between_two_days_only_as_a_whole() -> None:
    assert lies_between("202610", (date(2026, 10, 1), date(2026, 10, 31)))
    assert not lies_between("202610", (date(2026, 10, 2), date(2026, 10, 31)))
    assert not lies_between("soon", (date(2026, 1, 1), date(2026, 12, 31)))
