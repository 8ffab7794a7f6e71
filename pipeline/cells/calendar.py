"""Ways to cut the calendar into periods: single days, runs of weeks, runs of months.

A year of a type is cut into numbered periods. `place` finds the year and number that hold a day,
`start` goes the other way; an id is good when both agree. Gregorian (ISO 8601) only.
"""

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

MONDAY = 0
MONTHS_IN_YEAR = 12
DAYS_IN_WEEK = 7


@dataclass(frozen=True)
class PeriodType(ABC):
    """One period type: its name in DHIS2, and the form of its ids, with `{year}` and `{number}`."""

    name: str
    form: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The texts that look like an id of this type, whether or not the period exists."""
        return re.compile(
            self.form.replace("{year}", "([0-9]{4})")
            .replace("{number}", "([0-9]{1,2})")
            .replace("{number:02}", "([0-9]{2})")
            .replace("{number:04}", "([0-9]{4})")
        )

    def write(self, year: int, number: int) -> str:
        """The id of a period by its year and number."""
        return self.form.replace("{year}", "{year:04}").format(year=year, number=number)

    @abstractmethod
    def place(self, day: date) -> tuple[int, int]:
        """The year and the number of the period that holds a day."""

    @abstractmethod
    def start(self, year: int, number: int) -> date:
        """The first day of a period; raises `ValueError` when the calendar has no such day."""

    @abstractmethod
    def end(self, start: date) -> date:
        """The last day of the period that starts on a day."""


class Days(PeriodType):
    """Every day is a period; its number is month and day, 131 for the 31st of January."""

    def place(self, day: date) -> tuple[int, int]:
        """The year, and month and day as one number."""
        return day.year, day.month * 100 + day.day

    def start(self, year: int, number: int) -> date:
        """The day itself."""
        return date(year, number // 100, number % 100)

    def end(self, start: date) -> date:
        """The day itself."""
        return start


@dataclass(frozen=True)
class Weeks(PeriodType):
    """Runs of one or two weeks. A week belongs to the year that holds its fourth day.

    A year of 53 weeks has a 27th bi-week, as the server has it: it overlaps the first bi-week of
    the next year by seven days, the only periods of any type that overlap.
    """

    first_weekday: int = MONDAY
    weeks: int = 1

    def place(self, day: date) -> tuple[int, int]:
        """The week year, and the week's (or bi-week's) number in it."""
        fourth_day = self._week_start(day) + timedelta(days=3)
        week = (fourth_day.timetuple().tm_yday - 1) // DAYS_IN_WEEK + 1
        return fourth_day.year, (week - 1) // self.weeks + 1

    def start(self, year: int, number: int) -> date:
        """Count weeks from the one that holds the 4th of January."""
        weeks_before = (number - 1) * self.weeks
        return self._week_start(date(year, 1, 4)) + timedelta(weeks=weeks_before)

    def end(self, start: date) -> date:
        """The last day of the last week."""
        return start + timedelta(weeks=self.weeks, days=-1)

    def _week_start(self, day: date) -> date:
        return day - timedelta(days=(day.weekday() - self.first_weekday) % DAYS_IN_WEEK)


@dataclass(frozen=True)
class Months(PeriodType):
    """Runs of whole months.

    `offset` tells how many months after January of the year in the id the first run starts: 3 for
    April, -2 for November of the year before.
    """

    months: int = 1
    offset: int = 0

    def place(self, day: date) -> tuple[int, int]:
        """The year in the id, and the number of the run in it."""
        months_since = day.year * MONTHS_IN_YEAR + day.month - 1 - self.offset
        year, month = divmod(months_since, MONTHS_IN_YEAR)
        return year, month // self.months + 1

    def start(self, year: int, number: int) -> date:
        """The first day of the run's first month."""
        return _first_of_month(year * MONTHS_IN_YEAR + self.offset + (number - 1) * self.months)

    def end(self, start: date) -> date:
        """The last day of the run's last month."""
        after = start.year * MONTHS_IN_YEAR + start.month - 1 + self.months
        return _first_of_month(after) - timedelta(days=1)


def _first_of_month(months: int) -> date:
    year, month = divmod(months, MONTHS_IN_YEAR)
    return date(year, month + 1, 1)
