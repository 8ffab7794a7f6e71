"""Parameters are read, and nonsense in them is a 400."""

from datetime import date, timedelta

import pytest

from sandbox.messages.envelopes import RefusalError
from sandbox.messages.parameters import dates_of, duration, parsed


def test_two_dates_count_only_together() -> None:
    both = {"startDate": ["2026-10-01"], "endDate": ["2026-10-31"]}

    assert dates_of(both) == (date(2026, 10, 1), date(2026, 10, 31))
    assert dates_of({"startDate": ["2026-10-01"]}) is None


def test_nonsense_is_a_400_that_names_the_parameter() -> None:
    with pytest.raises(RefusalError, match="'many' is not valid for parameter limit") as refusal:
        parsed({"limit": ["many"]}, "limit", int)

    assert refusal.value.status == 400


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1d", timedelta(days=1)), ("12h", timedelta(hours=12)), ("soon", timedelta())],
)
def test_a_duration_is_a_number_and_a_letter(text: str, expected: timedelta) -> None:
    assert duration(text) == expected
