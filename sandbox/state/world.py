"""What the sandbox knows: metadata, users, stored values, and what tracker would answer."""

from collections.abc import Callable, Sequence
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


class Token(NamedTuple):
    """A personal access token; no methods means any, no end means for ever."""

    text: str
    methods: tuple[str, ...] = ()
    expires: datetime | None = None


@dataclass
class User:
    """Somebody who may log in, by password or personal access token."""

    username: str
    id: str = ""
    password: str = ""
    tokens: tuple["Token", ...] = ()
    authorities: frozenset[str] = frozenset()
    org_units: tuple[str, ...] = ()
    data_view_org_units: tuple[str, ...] = ()


class TableRun(NamedTuple):
    """A good run of analytics tables: when it began, and the types of tables that it left out."""

    started: datetime
    skipped: tuple[str, ...] = ()


class AnalyticsRow(NamedTuple):
    """One number of tracker: an indicator's count for a period, an org unit and options.

    `options` are the category options of a disaggregated indicator, sorted; empty for a plain one.
    Two options of one category mean that an event fits both: the mapping overlaps. A mean has
    the `weight` of what it was taken over; counts add up and have none.
    """

    program_indicator: str
    period: str
    org_unit: str
    options: tuple[str, ...]
    number: float
    weight: float = 0


class Answers(Protocol):
    """Where indicator numbers come from: an invented register, or recorded answers."""

    def rows(
        self, program_indicator: str, periods: Sequence[str], org_units: Sequence[str]
    ) -> list[AnalyticsRow]:
        """The rows of one indicator; an org unit's row holds all that lies below it."""
        ...

    def snapshot(self) -> "Answers":
        """A copy that later entries do not reach: what an analytics table holds."""
        ...


@dataclass
class Job:
    """Something the server does in the background; it moves on each time it is asked about.

    `notes` come newest last. `work` runs when the job does and gives its summary; an exception
    of it makes the job fail.
    """

    id: str
    kind: str
    created: datetime
    work: Callable[["Job"], Json | None]
    status: str = "SCHEDULED"
    last_status: str = "NOT_STARTED"
    notes: list[Json] = field(default_factory=list)
    summary: Json | None = None
    asked: int = 0
    finished: datetime | None = None


def wall_clock() -> datetime:
    """The time of this machine."""
    return datetime.now(tz=UTC)


@dataclass
class World:
    """Everything one sandbox server holds.

    `metadata` is keyed by DHIS2's plural names (`dataElements`, `organisationUnits`, …), each a
    list of objects as DHIS2 exports them. `answers` is what the analytics tables would be built
    from now; `built` is what they were last built from (None: never built), `built_elements` the
    stored numbers of that moment (None: there were none). `broken` names the indicators that the
    database cannot run, each with its SqlState: 42803, 42703, or 22012 for a division by zero.
    `lacking_tables` are the ids of programs whose events the last table run left without a table.
    `job_patience` is how often a client hears "waiting" or "running" before a job is done.
    `tells_system_id`: not so in the info of a new server, until it is started once more.
    `totals_are_of_mapped`: an indicator asked without its categories leaves out, as with them,
    events that fit no option or two.
    """

    metadata: dict[str, list[Json]]
    answers: Answers
    users: dict[str, User]
    built: Answers | None = None
    built_elements: Answers | None = None
    broken: dict[str, str] = field(default_factory=dict)
    lacking_tables: set[str] = field(default_factory=set)
    values: dict[ValueKey, StoredValue] = field(default_factory=dict)
    registrations: dict[tuple[str, str, str, str], Json] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    approvals: set[tuple[str, str, str, str]] = field(default_factory=set)
    lock_exceptions: set[tuple[str, str, str]] = field(default_factory=set)
    tells_system_id: bool = True
    system_id: str = "00000000-0000-4000-8000-000000000000"
    clock: Callable[[], datetime] = wall_clock
    last_analytics_success: datetime | None = None
    analytics_runtime: str = ""
    output_period_types: list[str] = field(default_factory=lambda: ["Monthly", "Yearly"])
    jobs: dict[str, Job] = field(default_factory=dict)
    table_runs: list[TableRun] = field(default_factory=list)
    job_patience: int = 1
    totals_are_of_mapped: bool = False
    seed: int = 1
    extra: Json = field(default_factory=dict)
