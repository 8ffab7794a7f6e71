"""Periods as the sandbox needs them: which text is one, which months it holds, its name."""

import re
from collections.abc import Sequence
from datetime import date

MONTHS = [
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
]

MONTHS_OF_TYPE = {"Monthly": 1, "BiMonthly": 2, "Quarterly": 3, "SixMonthly": 6, "Yearly": 12}

PATTERNS = {
    "Daily": re.compile(r"\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])"),
    "Weekly": re.compile(r"\d{4}(Wed|Thu|Fri|Sat|Sun)?W([1-9]|[1-4]\d|5[0-3])"),
    "BiWeekly": re.compile(r"\d{4}BiW([1-9]|1\d|2[0-7])"),
    "Monthly": re.compile(r"\d{4}(0[1-9]|1[0-2])"),
    "BiMonthly": re.compile(r"\d{4}0[1-6]B"),
    "Quarterly": re.compile(r"\d{4}Q[1-4]"),
    "QuarterlyNov": re.compile(r"\d{4}NovQ[1-4]"),
    "SixMonthly": re.compile(r"\d{4}S[12]"),
    "SixMonthlyApril": re.compile(r"\d{4}AprilS[12]"),
    "SixMonthlyNov": re.compile(r"\d{4}NovS[12]"),
    "Yearly": re.compile(r"\d{4}"),
    "Financial": re.compile(r"\d{4}(Feb|April|July|Aug|Sep|Oct|Nov)"),
}

RELATIVE = re.compile(r"(?:LAST_(\d+)_|(THIS)_|(LAST)_)(MONTH|QUARTER|SIX_MONTH|YEAR)S?")
RELATIVE_TYPES = {
    "MONTH": "Monthly",
    "QUARTER": "Quarterly",
    "SIX_MONTH": "SixMonthly",
    "YEAR": "Yearly",
}


def period_type(period: str) -> str:
    """The period type of an id, or an empty text when it is none."""
    return next((name for name, pattern in PATTERNS.items() if pattern.fullmatch(period)), "")


def month_number(day: date) -> int:
    """Count the months up to the one that holds `day`."""
    return day.year * 12 + day.month - 1


def month_id(number: int) -> str:
    """The id of a month by its number."""
    return f"{number // 12}{number % 12 + 1:02}"


def months_between(first: date, last: date) -> list[str]:
    """The ids of the months from the one of `first` to the one of `last`."""
    return [month_id(number) for number in range(month_number(first), month_number(last) + 1)]


def months_of(period: str) -> list[str]:
    """The months a period holds; none for a period shorter than a month."""
    kind = period_type(period)
    if kind == "Monthly":
        return [period]
    if kind not in MONTHS_OF_TYPE:
        return []
    length = MONTHS_OF_TYPE[kind]
    index = 0 if kind == "Yearly" else int(re.sub(r"\D", "", period[4:])) - 1
    start = int(period[:4]) * 12 + index * length
    return [month_id(number) for number in range(start, start + length)]


def period_of(number: int, kind: str) -> str:
    """The period of a type that holds a month, by the month's number."""
    year, month = divmod(number, 12)
    match kind:
        case "Quarterly":
            return f"{year}Q{month // 3 + 1}"
        case "SixMonthly":
            return f"{year}S{month // 6 + 1}"
        case "Yearly":
            return f"{year}"
        case _:
            return month_id(number)


def relative_periods(name: str, today: date) -> Sequence[str]:
    """The periods a relative name stands for, none when it is no such name."""
    found = RELATIVE.fullmatch(name)
    if found is None:
        return []
    count, this, _, unit = found.groups()
    kind = RELATIVE_TYPES[unit]
    length = MONTHS_OF_TYPE[kind]
    now = month_number(today)
    steps = [0] if this else range(int(count or 1), 0, -1)
    return [period_of(now - step * length, kind) for step in steps]


def period_name(period: str) -> str:
    """The name people know a period by."""
    kind = period_type(period)
    year = period[:4]
    if kind == "Monthly":
        return f"{MONTHS[int(period[4:]) - 1]} {year}"
    months = months_of(period)
    if kind in ("Yearly", "") or not months:
        return period
    first, last = (MONTHS[int(month[4:]) - 1] for month in (months[0], months[-1]))
    return f"{first} - {last} {year}"
