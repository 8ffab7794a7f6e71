"""Query parameters that several endpoints share: one value of a kind, two dates, a duration."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import TypeVar

from sandbox.messages.envelopes import RefusalError

Query = Mapping[str, list[str]]
Parsed = TypeVar("Parsed")

DURATIONS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}


def first_value(query: Query, name: str, default: str = "") -> str:
    """The first value of a parameter."""
    return query.get(name, [default])[0]


def parsed(query: Query, name: str, read: Callable[[str], Parsed]) -> Parsed | None:
    """A parameter as `read` reads it, None when it was not sent; nonsense is a 400."""
    text = first_value(query, name)
    try:
        return read(text) if text else None
    except ValueError as reason:
        text = f"Value '{text}' is not valid for parameter {name}"
        raise RefusalError(400, text) from reason


def dates_of(query: Query) -> tuple[date, date] | None:
    """The first and the last day of a query, None unless it names both."""
    first, last = (parsed(query, name, date.fromisoformat) for name in ("startDate", "endDate"))
    return (first, last) if first and last else None


def duration(text: str) -> timedelta:
    """A duration like `1d` or `12h`; anything else is no time at all."""
    found = re.fullmatch(r"(\d+)([dhms])", text)
    return timedelta(**{DURATIONS[found[2]]: int(found[1])}) if found else timedelta()
