"""The periods a data value may be entered for: which one it is, whether it is over."""

import re
from datetime import date, timedelta
from typing import NamedTuple

MONTHS = {"Monthly": 1, "BiMonthly": 2, "Quarterly": 3, "SixMonthly": 6, "Yearly": 12}
PATTERNS = {
    "Daily": r"(\d{4})(\d\d)(\d\d)",
    "Weekly": r"(\d{4})W(\d\d?)",
    "Monthly": r"(\d{4})-?(0[1-9]|1[0-2])",
    "BiMonthly": r"(\d{4})0([1-6])B",
    "Quarterly": r"(\d{4})Q([1-4])",
    "SixMonthly": r"(\d{4})S([12])",
    "Yearly": r"(\d{4})",
}
FORMATS = {
    "Monthly": "{}{:02}",
    "BiMonthly": "{}0{}B",
    "Quarterly": "{}Q{}",
    "SixMonthly": "{}S{}",
    "Yearly": "{}",
}


class Period(NamedTuple):
    """A stretch of days with the name DHIS2 gives it; `end` is its last day."""

    type: str
    id: str
    start: date
    end: date


def find_period(text: str | None) -> Period | None:
    """Give the period a text names, None when it names none."""
    for kind, pattern in PATTERNS.items():
        found = re.fullmatch(pattern, text or "")
        if found:
            return _period(kind, [int(part) for part in found.groups()])
    return None


def _period(kind: str, parts: list[int]) -> Period | None:
    try:
        if kind == "Daily":
            return containing(kind, date(*parts))
        if kind == "Weekly":
            return containing(kind, date.fromisocalendar(parts[0], parts[1], 1))
        number = parts[1] if len(parts) > 1 else 1
        return containing(kind, date(parts[0], (number - 1) * MONTHS[kind] + 1, 1))
    except ValueError:
        return None


def containing(kind: str, day: date) -> Period:
    """Give the period of a type that holds a day."""
    if kind == "Daily":
        return Period(kind, f"{day:%Y%m%d}", day, day)
    if kind == "Weekly":
        year, week, weekday = day.isocalendar()
        start = day - timedelta(days=weekday - 1)
        return Period(kind, f"{year}W{week}", start, start + timedelta(days=6))
    index = (day.month - 1) // MONTHS[kind]
    start = date(day.year, index * MONTHS[kind] + 1, 1)
    return Period(kind, FORMATS[kind].format(day.year, index + 1), start, _after(kind, start))


def _after(kind: str, start: date) -> date:
    months = start.year * 12 + start.month - 1 + MONTHS[kind]
    return date(months // 12, months % 12 + 1, 1) - timedelta(days=1)


def latest_open(kind: str, today: date, ahead: int) -> Period:
    """Give the last period that may be entered: `ahead` periods after the one just over."""
    period = containing(kind, containing(kind, today).start - timedelta(days=1))
    for _ in range(ahead):
        period = containing(kind, period.end + timedelta(days=1))
    return period


def not_a_period(text: str) -> str:
    """Give the new server's complaint about a text that is no period."""
    at = next((index for index, sign in enumerate(text) if not sign.isdigit()), len(text))
    found = text[at : at + 1] or "EOI"
    return f"Invalid Period `{text}`, expected a digit at position {at + 1} but found: `{found}`"
