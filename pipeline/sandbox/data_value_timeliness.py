"""Whether a cell may still, or may already, be entered: locks, future periods, input periods."""

from collections.abc import Set as AbstractSet
from datetime import UTC, date, datetime, time, timedelta

from pipeline.sandbox.data_value_periods import Period, latest_open
from pipeline.sandbox.world import Json, User, World

SUPERUSER = "ALL"
EDIT_EXPIRED = "F_EDIT_EXPIRED"


def may_any(user: User, *authorities: str) -> bool:
    """Tell whether a user has one of the authorities, or all there are."""
    return not user.authorities.isdisjoint({SUPERUSER, *authorities})


def midnight(day: date) -> datetime:
    """Give the first moment of a day."""
    return datetime.combine(day, time(), tzinfo=UTC)


def expired(data_set: Json, period: Period, now: datetime) -> bool:
    """Tell whether the days after a period in which a data set may be entered are over."""
    days = float(data_set.get("expiryDays") or 0)
    return days > 0 and now > midnight(period.end) + timedelta(days=1 + days)


def locked(
    world: World, user: User, data_set: Json, period: Period, unit: str, now: datetime
) -> bool:
    """Tell whether a cell is locked for a user; a lock exception opens it."""
    return (
        expired(data_set, period, now)
        and not may_any(user, EDIT_EXPIRED)
        and (data_set["id"], period.id, unit) not in world.lock_exceptions
    )


def last_open(data_set: Json, today: date) -> Period:
    """Give the last period of a data set that may be entered already."""
    return latest_open(data_set["periodType"], today, int(data_set.get("openFuturePeriods") or 0))


def ahead_of_time(data_set: Json, period: Period, today: date) -> bool:
    """Tell whether a period is after the last open one."""
    return period.end > last_open(data_set, today).end


def outside_input_periods(data_set: Json, period: Period, now: datetime, *, inverted: bool) -> bool:
    """Tell whether the data set's input periods, if it has any, shut a period out now.

    2.43.0 reads the dates the wrong way round (`inverted`): open is shut, closed is open.
    """
    entries = [
        entry
        for entry in data_set.get("dataInputPeriods", [])
        if entry["period"]["id"] == period.id
    ]
    if not data_set.get("dataInputPeriods"):
        return False
    return not any(_open(entry, now) is not inverted for entry in entries)


def _open(entry: Json, now: datetime) -> bool:
    opening, closing = (
        datetime.fromisoformat(entry[name]).replace(tzinfo=UTC) if entry.get(name) else None
        for name in ("openingDate", "closingDate")
    )
    return (opening is None or opening <= now) and (closing is None or now <= closing)


def approved(
    approvals: AbstractSet[tuple[str, str, str, str]],
    data_set: Json,
    period: Period,
    unit: str,
    attribute_option_combo: str,
) -> bool:
    """Tell whether a cell's data set, period and org unit are approved."""
    return (data_set["id"], period.id, unit, attribute_option_combo) in approvals


def closed(unit: Json, period: Period) -> bool:
    """Tell whether an org unit was not open during a period."""
    opening, closing = (
        date.fromisoformat(unit[name][:10]) if unit.get(name) else None
        for name in ("openingDate", "closedDate")
    )
    return (opening is not None and period.end < opening) or (
        closing is not None and period.start > closing
    )
