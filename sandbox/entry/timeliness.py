"""Whether a cell may still, or may already, be entered: locks, future periods, input periods."""

import re
from datetime import UTC, date, datetime, time, timedelta

from pipeline.cells.periods import Period
from sandbox.entry.facts import Visit
from sandbox.entry.periods import latest_open
from sandbox.state.world import Json

EDIT_EXPIRED = "F_EDIT_EXPIRED"
DURATIONS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}


def midnight(day: date) -> datetime:
    """Give the first moment of a day."""
    return datetime.combine(day, time(), tzinfo=UTC)


def span(text: str) -> timedelta:
    """Give a duration like `1d` or `12h`; anything else is no time at all."""
    found = re.fullmatch(r"(\d+)([dhms])", text)
    return timedelta(**{DURATIONS[found[2]]: int(found[1])}) if found else timedelta()


def expired(days: float, period: Period, now: datetime) -> bool:
    """Tell whether the days after a period in which it may be entered are over; 0 is for ever."""
    return days > 0 and now > midnight(period.end) + timedelta(days=1 + days)


def expiry_days(data_set: Json) -> float:
    """Give the days a data set stays open after a period."""
    return float(data_set.get("expiryDays") or 0)


def locked(visit: Visit, data_set: Json, period: Period, unit: str) -> bool:
    """Tell whether a cell is locked for a visitor; a lock exception opens it."""
    return (
        expired(expiry_days(data_set), period, visit.now)
        and not visit.may(EDIT_EXPIRED)
        and (data_set["id"], period.id, unit) not in visit.world.lock_exceptions
    )


def last_open(data_set: Json, today: date) -> Period:
    """Give the last period of a data set that may be entered already."""
    return latest_open(data_set["periodType"], today, int(data_set.get("openFuturePeriods") or 0))


def ahead_of_time(data_set: Json, period: Period, today: date) -> bool:
    """Tell whether a period is after the last open one."""
    return period.end > last_open(data_set, today).end


def shut_by_input_periods(data_set: Json, period: Period, now: datetime, *, inverted: bool) -> bool:
    """Tell whether the data set's input periods, if it has any, shut a period out now.

    2.43.0 reads the dates the wrong way round (`inverted`): open is shut, closed is open.
    """
    entries = data_set.get("dataInputPeriods") or []
    listed = [entry for entry in entries if entry["period"]["id"] == period.id]
    return bool(entries) and not any(_open(entry, now) is not inverted for entry in listed)


def _open(entry: Json, now: datetime) -> bool:
    opening, closing = (
        datetime.fromisoformat(entry[name]).replace(tzinfo=UTC) if entry.get(name) else None
        for name in ("openingDate", "closingDate")
    )
    return (opening is None or opening <= now) and (closing is None or now <= closing)


def approved(visit: Visit, data_set: Json, period: Period, unit: str, combo: str) -> bool:
    """Tell whether a data set is approved for a period, an org unit and an attribute combo."""
    return (data_set["id"], period.id, unit, combo) in visit.world.approvals


def closed(unit: Json, period: Period) -> bool:
    """Tell whether an org unit was not open during a period."""
    opening, closing = (
        date.fromisoformat(unit[name][:10]) if unit.get(name) else None
        for name in ("openingDate", "closedDate")
    )
    return (opening is not None and period.end < opening) or (
        closing is not None and period.start > closing
    )
