"""Periods by the ids DHIS2 gives them: read one, find the one of a day, step, list a window.

| type | ids | type | ids |
|---|---|---|---|
| Daily | 20240131 | SixMonthly | 2024S1 |
| Weekly, WeeklyWednesday … | 2024W5, 2024WedW5 | SixMonthlyApril | 2024AprilS1 |
| BiWeekly | 2024BiW2 | SixMonthlyNov | 2024NovS1, from November 2023 |
| Monthly | 202401 | Yearly | 2024 |
| BiMonthly | 202401B | FinancialApril, July, Oct … | 2024April, from April 2024 |
| Quarterly | 2024Q1 | FinancialNov | 2024Nov, from November 2023 |
| QuarterlyNov | 2024NovQ1, from November 2023 | | |
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import total_ordering

from pipeline.cells.calendar import PeriodType
from pipeline.cells.period_types import TYPES
from pipeline.text.errors import UsageError

PERIOD_TYPES: tuple[str, ...] = tuple(TYPES)

ONE_DAY = timedelta(days=1)
FIRST_YEAR, LAST_YEAR = 1900, 2199


@total_ordering
@dataclass(frozen=True)
class Period:
    """A period of one type; `start` and `end` both belong to it. Sorts by its start."""

    id: str
    type: str
    start: date
    end: date

    def __lt__(self, other: "Period") -> bool:
        return (self.start, self.end, self.id) < (other.start, other.end, other.id)


def parse_period(text: str) -> Period:
    """The period that a DHIS2 id names.

    Raises `UsageError` when no type has such an id, or when the year has no such period.
    """
    period = _read(text)
    if period is None:
        raise UsageError(f"{text!r:.40} is not a period", remedy=_hint(text))
    return period


def period_of(period_type: str, day: date) -> Period:
    """The period of a type that holds a day."""
    known = _known(period_type)
    year, number = known.place(day)
    start = known.start(year, number)
    return Period(known.write(year, number), known.name, start, known.end(start))


def previous(period: Period) -> Period:
    """The period before this one, of the same type."""
    return period_of(period.type, period.start - ONE_DAY)


def following(period: Period) -> Period:
    """The period after this one, of the same type."""
    return period_of(period.type, period.end + ONE_DAY)


def last_periods(
    period_type: str, count: int, today: date, *, include_current: bool = False
) -> list[Period]:
    """The last `count` periods, oldest first; without the current, all are over by today."""
    newest = period_of(period_type, today)
    while newest.end >= today and not include_current:
        newest = previous(newest)
    window = [newest] if count > 0 else []
    while len(window) < count:
        window.append(previous(window[-1]))
    return window[::-1]


def periods_between(first: Period, last: Period) -> list[Period]:
    """The periods from one to another, both included, oldest first.

    Raises `UsageError` when they are of two types, or the last comes before the first.
    """
    if first.type != last.type:
        raise UsageError(
            f"{first.id} is {first.type} and {last.id} is {last.type}",
            remedy="begin and end a range with periods of one type",
        )
    if last < first:
        raise UsageError(
            f"the range ends with {last.id} before it begins with {first.id}",
            remedy="write the older period first",
        )
    periods = [first]
    while periods[-1] < last:
        periods.append(following(periods[-1]))
    return periods


def periods_within(period_type: str, start_date: date, end_date: date) -> list[Period]:
    """The periods that lie wholly between two days, both included, oldest first."""
    periods: list[Period] = []
    period = period_of(period_type, start_date)
    while period.end <= end_date:
        if period.start >= start_date:
            periods.append(period)
        period = following(period)
    return periods


def _known(period_type: str) -> PeriodType:
    try:
        return TYPES[period_type]
    except KeyError:
        raise UsageError(
            f"{period_type!r:.40} is not a period type",
            remedy=f"choose one of {', '.join(PERIOD_TYPES)}",
        ) from None


def _read(text: str) -> Period | None:
    """The period that an id names, or none: the id must come back as it was written."""
    for known in TYPES.values():
        if found := known.pattern.fullmatch(text):
            period = _existing(known, *_year_and_number(found))
            return period if period and period.id == text else None
    return None


def _year_and_number(found: re.Match[str]) -> tuple[int, int]:
    year, *number = (int(group) for group in found.groups())
    return year, number[0] if number else 1


def _existing(known: PeriodType, year: int, number: int) -> Period | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return period_of(known.name, known.start(year, number))
    except ValueError:  # a day that the calendar does not have, such as the 30th of February
        return None


def _hint(text: str) -> str:
    """How the period was probably meant, or what ids look like."""
    loose = text.strip().replace("-", "")
    for known in TYPES.values():
        if found := re.fullmatch(known.pattern.pattern, loose, flags=re.IGNORECASE):
            year, number = _year_and_number(found)
            meant = known.write(year, number)
            if meant != text and _read(meant):
                return f"write {meant} ({known.name})"
            return f"there is no such {known.name} period in {year}; look for a slip of the pen"
    return "write it as DHIS2 does, for example 202401, 2024W5, 2024Q1, 2024S1, 2024, 2024April"
