"""What a server tells of itself, and of who is logged in there."""

from dataclasses import dataclass
from datetime import datetime

NEW_ENGINE = (2, 43)

ISO_CALENDARS = frozenset({"iso8601", "gregorian"})

SUPERUSER = "ALL"

WINDOWS_INVERTED = ((2, 43, 0), (2, 43, 1))


def may_be_same_system(before: str, now: str) -> bool:
    """Whether two system ids may be those of one server: they are equal, or only one was known.

    A server that was just set up tells no id before it was started once more; one that told its
    id once and tells none now is not known to be the same.
    """
    return before in ("", now)


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
        """The version as numbers: 2.42.4.1 is (2, 42, 4, 1)."""
        parts = self.version.split("-")[0].split(".")
        return tuple(int(part) for part in parts if part.isdigit())

    @property
    def has_iso_calendar(self) -> bool:
        """Whether its periods are those that Tally can count."""
        return self.calendar in ISO_CALENDARS

    @property
    def is_new_engine(self) -> bool:
        """Whether imports are judged as whole groups (2.43 and later)."""
        return self.number[:2] >= NEW_ENGINE

    @property
    def inverts_input_periods(self) -> bool:
        """Whether its import reads the dates of input periods the wrong way round."""
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
        """Whether the account has an authority, or all of them."""
        return authority in self.authorities or SUPERUSER in self.authorities
