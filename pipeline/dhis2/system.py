"""What a server is, what time it has, and what the account may do there."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline.dhis2.http.answers import clean
from pipeline.dhis2.http.client import Client
from pipeline.dhis2.objects import moment_of
from pipeline.text.errors import LoginError, ServerError, UsageError
from schemas.metadata import Json
from schemas.server import Account, SystemInfo

OLDEST = (2, 39)
EDIT_EXPIRED = "F_EDIT_EXPIRED"
ADD_VALUES = "F_DATAVALUE_ADD"
QUARTER = 900.0  # seconds: every zone's difference from UTC is a multiple of it
_SYSTEM_ID = re.compile(r"[0-9A-Za-z-]{8,64}")
NEVER = datetime(1970, 1, 1)  # noqa: DTZ001  # DHIS2 writes server time without a zone


def read_system(client: Client) -> SystemInfo:
    """Ask a server what it is; nothing else is asked of one that cannot be served.

    Raises `UsageError` for a version that Tally does not know, and for a calendar of which it
    cannot count the periods.
    """
    return with_iso_calendar(read_any_system(client), client.connection.base)


def with_iso_calendar(info: SystemInfo, base: str) -> SystemInfo:
    """The server at an address as it is; raises `UsageError` when its calendar is not ISO 8601."""
    if not info.has_iso_calendar:
        raise UsageError(
            f"the server uses the {info.calendar} calendar, whose periods Tally cannot count",
            where=base,
            remedy="Tally works with the calendars iso8601 and gregorian only; do not change the "
            "calendar of a server that holds data",
        )
    return info


def read_any_system(client: Client) -> SystemInfo:
    """Ask a server what it is, whatever its calendar.

    Raises `UsageError` for a version that Tally does not know, `ServerError` for a date that is
    none.
    """
    body = client.get_object("system/info")
    info = SystemInfo(
        version=str(body.get("version", "")),
        calendar=str(body.get("calendar") or "iso8601").strip().lower(),
        system_id=str(body.get("systemId") or "") or _configured_id(client),
        now=_moment(client, body, "serverDate") or NEVER,
        last_analytics=_moment(client, body, "lastAnalyticsTableSuccess"),
        zone=str(body.get("serverTimeZoneId") or ""),
    )
    if info.number[:2] < OLDEST:
        raise UsageError(
            f"the server is DHIS2 {info.version or 'of an unknown version'}",
            where=client.connection.base,
            remedy="Tally works with 2.39 and later",
        )
    return info


def _configured_id(client: Client) -> str:
    """The system id of a server that does not tell it in its info; "" where it is not to be had.

    The answer says it is JSON, and is a text without quotes (docs/dhis2.md, Versions).
    """
    try:
        answer = client.get_answer("configuration/systemId")
    except LoginError:
        raise
    except ServerError:
        return ""
    told = answer.body.decode("ascii", "replace").strip().strip('"')
    return told if answer.is_success and _SYSTEM_ID.fullmatch(told) else ""


def read_account(client: Client) -> Account:
    """Ask who is logged in."""
    body = client.get_object(
        "me",
        [("fields", "id,username,authorities,organisationUnits[id],dataViewOrganisationUnits[id]")],
    )
    capture = _ids(body.get("organisationUnits"))
    return Account(
        username=str(body.get("username", "")),
        authorities=frozenset(body.get("authorities") or ()),
        capture_roots=capture,
        view_roots=_ids(body.get("dataViewOrganisationUnits")) or capture,
    )


def analytics_age(info: SystemInfo) -> timedelta | None:
    """How long ago the analytics tables were last built, by the server's own clock."""
    if info.last_analytics is None or info.last_analytics <= NEVER:
        return None
    return info.now - info.last_analytics


def clock_difference(info: SystemInfo, now: datetime) -> float:
    """By how many seconds a server's clock is ahead of `now`, which has a zone.

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


def _moment(client: Client, body: Json, member: str) -> datetime | None:
    """A moment that a server tells, None where it tells none; raises `ServerError`."""
    try:
        return moment_of(body.get(member))
    except ValueError:
        raise ServerError(
            f"the server tells {clean(str(body[member]))!r} as its {member}, which is no date",
            where=f"{client.connection.base}/api/system/info",
            remedy="look whether a proxy stands between, then run the same command again",
        ) from None
