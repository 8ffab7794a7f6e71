"""Write numbers, shares, days and periods the way everybody reads them, whatever the locale."""

import re
from datetime import date, datetime, timedelta
from math import ceil

_DECIMALS, _TINY_DECIMALS = 2, 10
TINY = 0.01
THIN = "\u202f"  # the space that ISO 80000 puts between thousands; it does not break a line
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHLY = re.compile(r"\d{6}")
_YEAR = 4


def number(value: float | None) -> str:
    """Write 1234.5 as 1 234.5; a dash where nobody gave a number."""
    if value is None:
        return "–"  # noqa: RUF001  # a dash, and meant
    places = _DECIMALS if abs(value) >= TINY else _TINY_DECIMALS
    plain = f"{abs(value):,.{places}f}".replace(",", THIN).rstrip("0").rstrip(".")
    return f"−{plain}" if value < 0 and plain != "0" else plain  # noqa: RUF001  # minus, as above


def signed(value: float | None) -> str:
    """Write a difference with its sign, zero without one."""
    return f"+{number(value)}" if value is not None and value > 0 else number(value)


def share(part: float, whole: float) -> str:
    """Write a part in hundredths; never 0 % of something, never 100 % of less than all."""
    if not whole:
        return "–"  # noqa: RUF001  # as above
    percent = 100 * part / whole
    if 0 < percent < 1:
        return f"under 1{THIN}%"
    if 99 < percent < 100:  # noqa: PLR2004  # hundredths
        return f"over 99{THIN}%"
    return f"{percent:.0f}{THIN}%"


def count(many: int, one: str, more: str = "") -> str:
    """Write 1 number, 2 numbers."""
    return f"{number(many)} {one if many == 1 else more or one + 's'}"


def span(duration: timedelta) -> str:
    """Write a duration in hours and begun minutes: 26 hours, 1 hour and 30 minutes."""
    hours, minutes = divmod(ceil(duration / timedelta(minutes=1)), 60)
    parts = [count(hours, "hour")] * (hours > 0) + [count(minutes, "minute")] * (minutes > 0)
    return " and ".join(parts) or "0 minutes"


def day(moment: date) -> str:
    """Write 24 Nov 2026."""
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def minute(moment: datetime) -> str:
    """Write 24 Nov 2026, 02:10 UTC; the moment is in UTC."""
    return f"{day(moment)}, {moment:%H:%M} UTC"


def period_parts(period: str, start: date | None) -> tuple[str, str]:
    """What tells a period apart within its year, and the year: (Jan, 2026), (Q1, 2026).

    A period of another calendar has no known start and keeps its digits.
    """
    if start is not None and _MONTHLY.fullmatch(period):
        return _MONTHS[start.month - 1], str(start.year)
    return period[_YEAR:], period[:_YEAR]


def period_name(period: str, start: date | None) -> str:
    """Write Jan 2026 for a month, and any other period by its id."""
    if start is not None and _MONTHLY.fullmatch(period):
        return " ".join(period_parts(period, start))
    return period
