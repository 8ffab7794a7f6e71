"""The texts that a value type takes, and how they are stored (as recorded from 2.42 and 2.43)."""

import re
from collections.abc import Callable
from datetime import date

LONGEST = 50_000
INTEGER = re.compile(r"0|-?[1-9]\d*")
NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")
DATE = re.compile(r"(\d{4}-\d\d-\d\d)(T\d\d:\d\d(:\d\d(\.\d+)?)?)?")
BIGGEST = 2**31

YES = frozenset({"1", "t", "true"})
NO = frozenset({"0", "f", "false"})
MORE_YES = YES | {"y", "yes"}
MORE_NO = NO | {"n", "no"}


def _integer(text: str, low: int = -BIGGEST, high: int = BIGGEST - 1) -> bool:
    return bool(INTEGER.fullmatch(text)) and low <= int(text) <= high


def _number(text: str, low: float = float("-inf"), high: float = float("inf")) -> bool:
    return bool(NUMBER.fullmatch(text)) and low <= float(text) <= high


def _date(text: str) -> bool:
    found = DATE.fullmatch(text)
    if found is None:
        return False
    try:
        return bool(date.fromisoformat(found.group(1)))
    except ValueError:
        return False


CHECKS: dict[str, tuple[str, Callable[[str], bool]]] = {
    "INTEGER": ("value_not_integer", _integer),
    "INTEGER_POSITIVE": ("value_not_positive_integer", lambda text: _integer(text, 1)),
    "INTEGER_NEGATIVE": ("value_not_negative_integer", lambda text: _integer(text, high=-1)),
    "INTEGER_ZERO_OR_POSITIVE": (
        "value_not_zero_or_positive_integer",
        lambda text: _integer(text, 0),
    ),
    "NUMBER": ("value_not_numeric", _number),
    "UNIT_INTERVAL": ("value_not_unit_interval", lambda text: _number(text, 0, 1)),
    "PERCENTAGE": ("value_not_percentage", lambda text: _number(text, 0, 100)),
    "DATE": ("value_not_valid_date", _date),
    "DATETIME": ("value_not_valid_datetime", _date),
}

EXPLANATIONS = {
    "value_length_greater_than_max_length": "Data value is greater than max length",
    "value_not_integer": "Data value is not an integer",
    "value_not_positive_integer": "Data value is not a positive integer",
    "value_not_negative_integer": "Data value is not a negative integer",
    "value_not_numeric": "Data value is not numeric",
    "value_not_percentage": "Data value is not a percentage",
    "value_not_bool": "Data value is not a boolean",
    "value_not_true_only": "Data value is not true",
    "value_not_valid_date": "Data value is not a valid date",
}

NUMERIC = frozenset(CHECKS) - {"DATE", "DATETIME"}


def fault_of(value_type: str, text: str, yes: frozenset[str], no: frozenset[str]) -> str | None:
    """DHIS2's key for why a text is no value of a type, None when it is one."""
    if len(text) > LONGEST:
        return "value_length_greater_than_max_length"
    if value_type == "BOOLEAN":
        return None if text.lower() in yes | no else "value_not_bool"
    if value_type == "TRUE_ONLY":
        return None if text.lower() in yes else "value_not_true_only"
    key, accepts = CHECKS.get(value_type, ("", bool))
    return None if not key or accepts(text) else key


def stored(value_type: str, text: str, yes: frozenset[str]) -> str:
    """A valid text as it is stored: booleans in full, the rest as sent."""
    if value_type in ("BOOLEAN", "TRUE_ONLY"):
        return "true" if text.lower() in yes else "false"
    return text


def without_zero_decimals(value_type: str, text: str) -> str:
    """`22.0` as `22` where an integer is wanted."""
    return re.sub(r"\.0+$", "", text) if value_type.startswith("INTEGER") else text


def is_zero(value_type: str, text: str) -> bool:
    """Whether a text is a zero of a numeric type."""
    return value_type in NUMERIC and _number(text) and float(text) == 0
