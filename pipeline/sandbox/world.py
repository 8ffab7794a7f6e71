"""What the sandbox knows: metadata, users, stored values, and what tracker would answer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple, Protocol

Json = dict[str, Any]


class ValueKey(NamedTuple):
    """The five parts that name one cell of the aggregate form."""

    data_element: str
    period: str
    org_unit: str
    category_option_combo: str
    attribute_option_combo: str


@dataclass
class StoredValue:
    """One row of the data value table; a deleted row stays as a tombstone."""

    value: str | None
    stored_by: str
    created: datetime
    last_updated: datetime
    comment: str | None = None
    followup: bool = False
    deleted: bool = False


@dataclass
class User:
    """Somebody who may log in, by password or personal access token."""

    username: str
    id: str = ""
    password: str = ""
    token: str = ""
    token_methods: tuple[str, ...] = ()
    token_expires: datetime | None = None
    authorities: frozenset[str] = frozenset()
    org_units: tuple[str, ...] = ()
    data_view_org_units: tuple[str, ...] = ()


class AnalyticsRow(NamedTuple):
    """One answer of tracker: an indicator's number for a period and an org unit.

    `options` are the category options of a disaggregated indicator, sorted; empty for a total.
    `text` is the number as the server writes it.
    """

    program_indicator: str
    period: str
    org_unit: str
    options: tuple[str, ...]
    text: str


class Answers(Protocol):
    """Where indicator numbers come from: an invented register, or recorded answers."""

    def rows(
        self,
        program_indicator: str,
        periods: list[str],
        org_units: list[str],
        categories: list[str],
    ) -> list[AnalyticsRow]:
        """Give the rows of one indicator, one per period, org unit and option combination."""
        ...


def wall_clock() -> datetime:
    """Tell the time of this machine."""
    return datetime.now(tz=UTC)


@dataclass
class World:
    """Everything one sandbox server holds.

    `metadata` is keyed by DHIS2's plural names (`dataElements`, `organisationUnits`, …), each a
    list of objects as DHIS2 exports them. `answers` is what the analytics tables would be built
    from now; `built` is what they were last built from (None: never built).
    """

    metadata: dict[str, list[Json]]
    answers: Answers
    users: dict[str, User]
    built: Answers | None = None
    values: dict[ValueKey, StoredValue] = field(default_factory=dict)
    registrations: dict[tuple[str, str, str, str], Json] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    approvals: set[tuple[str, str, str, str]] = field(default_factory=set)
    lock_exceptions: set[tuple[str, str, str]] = field(default_factory=set)
    system_id: str = "00000000-0000-4000-8000-000000000000"
    clock: Callable[[], datetime] = wall_clock
    last_analytics_success: datetime | None = None
    extra: Json = field(default_factory=dict)
