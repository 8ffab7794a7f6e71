"""What a server is, what time it has, and what the account may do there."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline.dhis2.http.client import Client
from pipeline.text.errors import UsageError
from schemas.server import Account, SystemInfo

OLDEST = (2, 39)
EDIT_EXPIRED = "F_EDIT_EXPIRED"
ADD_VALUES = "F_DATAVALUE_ADD"
QUARTER = 900.0  # seconds: every zone's difference from UTC is a multiple of it
NEVER = datetime(1970, 1, 1)  # noqa: DTZ001  # DHIS2 writes server time without a zone


def read_system(client: Client) -> SystemInfo:
    """Ask a server what it is; raises `UsageError` for a version that Tally does not know."""
    told = client.get_object("system/info")
    info = SystemInfo(
        version=str(told.get("version", "")),
        calendar=str(told.get("calendar") or "iso8601"),
        system_id=str(told.get("systemId") or ""),
        now=_moment(told.get("serverDate")) or NEVER,
        last_analytics=_moment(told.get("lastAnalyticsTableSuccess")),
        zone=str(told.get("serverTimeZoneId") or ""),
    )
    if info.number[:2] < OLDEST:
        raise UsageError(
            f"the server is DHIS2 {info.version or 'of an unknown version'}",
            where=client.connection.base,
            remedy="Tally works with 2.39 and later",
        )
    return info


def read_account(client: Client) -> Account:
    """Ask who is logged in."""
    told = client.get_object(
        "me",
        [("fields", "id,username,authorities,organisationUnits[id],dataViewOrganisationUnits[id]")],
    )
    capture = _ids(told.get("organisationUnits"))
    return Account(
        username=str(told.get("username", "")),
        authorities=frozenset(told.get("authorities") or ()),
        capture_roots=capture,
        view_roots=_ids(told.get("dataViewOrganisationUnits")) or capture,
    )


def analytics_age(info: SystemInfo) -> timedelta | None:
    """Tell how long ago the analytics tables were last built, by the server's own clock."""
    if info.last_analytics is None or info.last_analytics <= NEVER:
        return None
    return info.now - info.last_analytics


def clock_difference(info: SystemInfo, now: datetime) -> float:
    """Give by how many seconds a server's clock is ahead of `now`, which has a zone.

    A server that names no zone that this machine knows is judged by the minutes alone.
    """
    try:
        local = now.astimezone(ZoneInfo(info.zone))
    except (ValueError, OSError, ZoneInfoNotFoundError):
        seconds = (info.now - now.astimezone(UTC).replace(tzinfo=None)).total_seconds()
        return seconds - round(seconds / QUARTER) * QUARTER
    return (info.now - local.replace(tzinfo=None)).total_seconds()


def _ids(objects: Any) -> tuple[str, ...]:  # noqa: ANN401  # as the server gives it
    return tuple(str(one["id"]) for one in objects or ())


def _moment(written: object) -> datetime | None:
    if not written:
        return None
    return datetime.fromisoformat(str(written)).replace(tzinfo=None)
