"""Numbers, shares and periods read the same everywhere, and never round to a lie."""

from datetime import date, timedelta

import pytest

from pipeline.text.wording import number, period_name, period_parts, share, signed, span


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, "–"),  # noqa: RUF001  # a dash
        (0.0, "0"),
        (12.0, "12"),
        (1234567.0, "1\u202f234\u202f567"),
        (-33.5, "−33.5"),  # noqa: RUF001  # a minus
        (0.001, "0.001"),
        (99.999, "100"),
    ],
)
def test_a_number_is_short_and_silence_is_a_dash(value: float | None, told: str) -> None:
    assert number(value) == told


def test_a_difference_has_its_sign_and_zero_has_none() -> None:
    assert [signed(one) for one in (2.0, -2.0, 0.0, None)] == ["+2", "−2", "0", "–"]  # noqa: RUF001  # as printed


@pytest.mark.parametrize(
    ("part", "whole", "told"),
    [
        (0, 9, "0 %"),
        (1, 900, "under 1 %"),
        (1, 2, "50 %"),
        (899, 900, "over 99 %"),
        (9, 9, "100 %"),
    ],
)
def test_a_share_is_never_nothing_of_something_nor_all_of_less(
    part: int, whole: int, told: str
) -> None:
    assert share(part, whole).replace("\u202f", " ") == told


@pytest.mark.parametrize(
    ("period", "start", "name", "parts"),
    [
        ("202601", date(2026, 1, 1), "Jan 2026", ("Jan", "2026")),
        ("2026Q1", date(2026, 1, 1), "2026Q1", ("Q1", "2026")),
        ("2026", date(2026, 1, 1), "2026", ("", "2026")),
        ("208301", None, "208301", ("01", "2083")),
    ],
)
def test_a_month_has_a_name_and_other_periods_keep_their_id(
    period: str, start: date | None, name: str, parts: tuple[str, str]
) -> None:
    assert (period_name(period, start), period_parts(period, start)) == (name, parts)


@pytest.mark.parametrize(
    ("duration", "told"),
    [
        (timedelta(), "0 minutes"),
        (timedelta(seconds=1), "1 minute"),
        (timedelta(hours=1, minutes=30), "1 hour and 30 minutes"),
        (timedelta(hours=26), "26 hours"),
        (timedelta(days=50), "1\u202f200 hours"),
    ],
)
def test_a_span_is_told_in_hours_and_begun_minutes(duration: timedelta, told: str) -> None:
    assert span(duration) == told
