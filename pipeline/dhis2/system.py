"""What a server is, what time it has, and what the account may do there."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline.dhis2.client import Client
from pipeline.errors import UsageError

OLDEST = (2, 39)
NEW_ENGINE = (2, 43)
ISO_CALENDARS = frozenset({"iso8601", "gregorian"})
SUPERUSER = "ALL"
EDIT_EXPIRED = "F_EDIT_EXPIRED"
ADD_VALUES = "F_DATAVALUE_ADD"
WINDOWS_INVERTED = ((2, 43, 0), (2, 43, 1))
QUARTER = 900.0  # seconds: every zone's difference from UTC is a multiple of it
NEVER = datetime(1970, 1, 1)  # noqa: DTZ001  # DHIS2 writes server time without a zone


@dataclass(frozen=True)
class SystemInfo:
    """One server: `now` and `last_analytics` are its own clock's, without a zone.

    `zone` is the name of the zone that its clock is in, where it tells one.
    """

    version: str
    calendar: str
    system_id: str
    now: datetime
    last_analytics: datetime | None
    zone: str = ""

    @property
    def number(self) -> tuple[int, ...]:
        """Give the version as numbers: 2.42.4.1 is (2, 42, 4, 1)."""
        parts = self.version.split("-")[0].split(".")
        return tuple(int(part) for part in parts if part.isdigit())

    @property
    def has_iso_calendar(self) -> bool:
        """Tell whether its periods are those that Tally can count."""
        return self.calendar in ISO_CALENDARS

    @property
    def is_new_engine(self) -> bool:
        """Tell whether imports are judged as whole groups (2.43 and later)."""
        return self.number[:2] >= NEW_ENGINE

    @property
    def inverts_input_periods(self) -> bool:
        """Tell whether its import reads the dates of input periods the wrong way round."""
        return self.number[:3] in WINDOWS_INVERTED


@dataclass(frozen=True)
class Account:
    """Who is logged in: the org units it may write for, and those it may see."""

    username: str
    authorities: frozenset[str]
    capture_roots: tuple[str, ...]
    view_roots: tuple[str, ...]

    @property
    def reading_roots(self) -> list[str]:
        """List the org units below which it may read values: its capture tree, on every version."""
        return sorted(self.capture_roots or self.view_roots)

    def may(self, authority: str) -> bool:
        """Tell whether the account has an authority, or all of them."""
        return authority in self.authorities or SUPERUSER in self.authorities


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


def insist_on_iso_calendar(info: SystemInfo) -> None:
    """Refuse a server whose periods are not those of the ISO calendar."""
    if not info.has_iso_calendar:
        raise UsageError(
            f"the server uses the {info.calendar} calendar, whose periods Tally cannot count",
            remedy="list the periods by their ids in [periods] explicit",
        )


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
