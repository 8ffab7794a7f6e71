"""The periods of DHIS2: their ids, their days, and which of them a run asks for.

The ids follow DHIS2's own patterns for ISO calendars, listed in its developer documentation.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.errors import UsageError

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """One period: its id, its type, its first and its last day."""

    id: str
    type: str
    start: date
    end: date


@dataclass(frozen=True)
class _Months:
    """A type whose periods are so many months long, the first beginning in `first_month`.

    `named_by_end`: the year in the id is the one in which a year of such periods ends.
    """

    months: int
    first_month: int
    pattern: str
    named_by_end: bool = False

    def containing(self, period_type: str, day: date) -> Period:
        year = day.year if day.month >= self.first_month else day.year - 1
        index = ((day.year - year) * 12 + day.month - self.first_month) // self.months
        return self.at(period_type, year + (1 if self.named_by_end else 0), index + 1)

    def at(self, period_type: str, year: int, index: int) -> Period:
        first_year = year - (1 if self.named_by_end else 0)
        start = _month(first_year, self.first_month + (index - 1) * self.months)
        following = _month(first_year, self.first_month + index * self.months)
        return Period(
            self.pattern.format(year=year, index=index), period_type, start, following - _DAY
        )

    @property
    def most(self) -> int:
        return 12 // self.months


@dataclass(frozen=True)
class _Weeks:
    """A type whose periods are so many weeks long and begin on `weekday` (1 is Monday).

    The first week of a year is the one that has its fourth day in that year.
    """

    weeks: int
    weekday: int
    pattern: str

    def containing(self, period_type: str, day: date) -> Period:
        start = day - timedelta(days=(day.isoweekday() - self.weekday) % 7)
        year = (start + timedelta(days=3)).year
        week = (start - self._first(year)).days // 7
        return self.at(period_type, year, min(week // self.weeks + 1, self.most_in(year)))

    def at(self, period_type: str, year: int, index: int) -> Period:
        start = self._first(year) + timedelta(weeks=(index - 1) * self.weeks)
        end = start + timedelta(weeks=self.weeks) - _DAY
        if self.weeks > 1 and index == self.most_in(year):
            end = self._first(year + 1) - _DAY
        return Period(self.pattern.format(year=year, index=index), period_type, start, end)

    def most_in(self, year: int) -> int:
        weeks = (self._first(year + 1) - self._first(year)).days // 7
        return weeks // self.weeks

    def _first(self, year: int) -> date:
        fourth = date(year, 1, 4)
        return fourth - timedelta(days=(fourth.isoweekday() - self.weekday) % 7)


@dataclass(frozen=True)
class _Days:
    """The type whose periods are days."""

    def containing(self, period_type: str, day: date) -> Period:
        return Period(f"{day:%Y%m%d}", period_type, day, day)


_TYPES: dict[str, _Days | _Weeks | _Months] = {
    "Daily": _Days(),
    "Weekly": _Weeks(1, 1, "{year}W{index}"),
    "WeeklyWednesday": _Weeks(1, 3, "{year}WedW{index}"),
    "WeeklyThursday": _Weeks(1, 4, "{year}ThuW{index}"),
    "WeeklyFriday": _Weeks(1, 5, "{year}FriW{index}"),
    "WeeklySaturday": _Weeks(1, 6, "{year}SatW{index}"),
    "WeeklySunday": _Weeks(1, 7, "{year}SunW{index}"),
    "BiWeekly": _Weeks(2, 1, "{year}BiW{index}"),
    "Monthly": _Months(1, 1, "{year}{index:02d}"),
    "BiMonthly": _Months(2, 1, "{year}{index:02d}B"),
    "Quarterly": _Months(3, 1, "{year}Q{index}"),
    "QuarterlyNov": _Months(3, 11, "{year}NovQ{index}", named_by_end=True),
    "SixMonthly": _Months(6, 1, "{year}S{index}"),
    "SixMonthlyApril": _Months(6, 4, "{year}AprilS{index}"),
    "SixMonthlyNov": _Months(6, 11, "{year}NovS{index}", named_by_end=True),
    "Yearly": _Months(12, 1, "{year}"),
    "FinancialFeb": _Months(12, 2, "{year}Feb"),
    "FinancialApril": _Months(12, 4, "{year}April"),
    "FinancialJuly": _Months(12, 7, "{year}July"),
    "FinancialAug": _Months(12, 8, "{year}Aug"),
    "FinancialSep": _Months(12, 9, "{year}Sep"),
    "FinancialOct": _Months(12, 10, "{year}Oct"),
    "FinancialNov": _Months(12, 11, "{year}Nov", named_by_end=True),
}
PERIOD_TYPES = tuple(_TYPES)


def _matcher(pattern: str) -> re.Pattern[str]:
    shape = pattern.replace("{year}", r"(?P<year>\d{4})")
    shape = shape.replace("{index:02d}", r"(?P<index>\d{2})")
    return re.compile(shape.replace("{index}", r"(?P<index>[1-9]\d?)"))


_MATCHERS: dict[str, re.Pattern[str]] = {
    name: _matcher(kind.pattern) for name, kind in _TYPES.items() if not isinstance(kind, _Days)
}
_DAILY = re.compile(r"(\d{4})(\d{2})(\d{2})")


def parse_period(text: str) -> Period:
    """Read a period id. Raises `UsageError` when no type has such a period."""
    if found := _DAILY.fullmatch(text):
        try:
            return period_of("Daily", date(*(int(part) for part in found.groups())))
        except ValueError:
            raise _no_period(text) from None
    for name, matcher in _MATCHERS.items():
        if (match := matcher.fullmatch(text)) and (period := _at(name, match)) is not None:
            return period
    raise _no_period(text)


def _at(period_type: str, match: re.Match[str]) -> Period | None:
    kind = _TYPES[period_type]
    parts = match.groupdict()
    year, index = int(parts["year"]), int(parts.get("index") or 1)
    if isinstance(kind, _Days) or not 1 < year < date.max.year:
        return None
    most = kind.most if isinstance(kind, _Months) else kind.most_in(year)
    return kind.at(period_type, year, index) if 1 <= index <= most else None


def _no_period(text: str) -> UsageError:
    return UsageError(
        f"{text!r} is no period",
        remedy="write 202401 for a month, 2024Q1 for a quarter, 2024W5 for a week, 2024 for a year",
    )


def period_of(period_type: str, day: date) -> Period:
    """Give the period of a type that holds a day."""
    return _TYPES[period_type].containing(period_type, day)


def following(period: Period) -> Period:
    """Give the next period of the same type."""
    return period_of(period.type, period.end + _DAY)


def previous(period: Period) -> Period:
    """Give the period of the same type just before."""
    return period_of(period.type, period.start - _DAY)


def last_periods(
    period_type: str, count: int, today: date, *, include_current: bool = False
) -> list[Period]:
    """Give the last `count` periods, oldest first: complete ones, or up to the running one."""
    period = period_of(period_type, today)
    if not include_current:
        period = previous(period)
    return _walk(period, count, previous)[::-1]


def _walk(period: Period, count: int, step: Callable[[Period], Period]) -> list[Period]:
    walked = [period]
    while len(walked) < count:
        walked.append(step(walked[-1]))
    return walked


def periods_between(first: Period, last: Period) -> list[Period]:
    """Give the periods from `first` to `last`, both included.

    Raises `UsageError` when they are of two types or in the wrong order.
    """
    if first.type != last.type or first.start > last.start:
        raise UsageError(
            f"{first.id} to {last.id} is no range of periods",
            remedy="give two periods of one type, the earlier first",
        )
    walked = [first]
    while walked[-1].start < last.start:
        walked.append(following(walked[-1]))
    return walked


def periods_within(period_type: str, start: date, end: date) -> list[Period]:
    """Give the periods of a type that lie wholly between two days."""
    period = period_of(period_type, start)
    if period.start < start:
        period = following(period)
    found = []
    while period.end <= end:
        found.append(period)
        period = following(period)
    return found


def _month(year: int, month: int) -> date:
    """Give the first day of a month counted on beyond December."""
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
