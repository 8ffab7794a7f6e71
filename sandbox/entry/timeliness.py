"""Whether a cell may still, or may already, be entered: expiry, future and input periods."""

from datetime import UTC, date, datetime, time, timedelta

from pipeline.cells.periods import Period
from sandbox.entry.context import Context
from sandbox.entry.periods import latest_open
from sandbox.state.world import Json

EDIT_EXPIRED = "F_EDIT_EXPIRED"


def midnight(day: date) -> datetime:
    """The first moment of a day."""
    return datetime.combine(day, time(), tzinfo=UTC)


def expired(days: float, period: Period, now: datetime) -> bool:
    """Whether the days after a period in which it may be entered are over; 0 is for ever.

    They are counted from the end of the period's last day. 2.43 takes whole days only.
    """
    return days > 0 and now > midnight(period.end) + timedelta(days=1 + days)


def expiry_days(data_set: Json) -> float:
    """The days a data set stays open after a period: DHIS2's `expiryDays`."""
    return float(data_set.get("expiryDays") or 0)


def locked(context: Context, data_set: Json, period: Period, unit: str) -> bool:
    """Whether a cell is locked for this user; a lock exception opens it."""
    return (
        expired(expiry_days(data_set), period, context.now)
        and not context.may(EDIT_EXPIRED)
        and (data_set["id"], period.id, unit) not in context.world.lock_exceptions
    )


def last_open(data_set: Json, today: date) -> Period:
    """The last period that may be entered already, by the data set's `openFuturePeriods`."""
    return latest_open(data_set["periodType"], today, int(data_set.get("openFuturePeriods") or 0))


def ahead_of_time(data_set: Json, period: Period, today: date) -> bool:
    """Whether a period is after the last open one."""
    return period.end > last_open(data_set, today).end


def shut_by_input_periods(data_set: Json, period: Period, now: datetime, *, inverted: bool) -> bool:
    """Whether the data set's input periods, if it has any, shut a period out now.

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


def approved(context: Context, data_set: Json, period: Period, unit: str, combo: str) -> bool:
    """Whether a data set is approved for a period, an org unit and an attribute combo."""
    return (data_set["id"], period.id, unit, combo) in context.world.approvals


def closed(unit: Json, period: Period) -> bool:
    """Whether an org unit was not open during a period."""
    opening, closing = (
        date.fromisoformat(unit[name][:10]) if unit.get(name) else None
        for name in ("openingDate", "closedDate")
    )
    return (opening is not None and period.end < opening) or (
        closing is not None and period.start > closing
    )
