"""What transfer.toml may say: its tables, their keys, and what holds when nothing is written."""

import re
from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)

from pipeline.cells.periods import PERIOD_TYPES, parse_period
from pipeline.text.errors import UsageError
from schemas.uids import UID, UID_OR_NOTHING

_DURATION = re.compile(r"(\d+)\s*([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}

Uid = Annotated[str, Field(pattern=UID)]


def _duration(written: object) -> object:
    """Read `26h`, `30m`, `2d` as a duration."""
    if not isinstance(written, str):
        return written
    found = _DURATION.fullmatch(written.strip())
    if found is None:
        raise ValueError("write a duration as a number and s, m, h or d, for example 26h")
    return timedelta(seconds=int(found[1]) * _SECONDS[found[2]])


def _seconds(duration: timedelta) -> str:
    return f"{int(duration.total_seconds())}s"


Duration = Annotated[
    timedelta,
    BeforeValidator(_duration),
    PlainSerializer(_seconds, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^\d+\s*[smhd]$"}),
]
Share = Annotated[float, Field(ge=0, le=1)]


class Section(BaseModel):
    """A table of transfer.toml; a key it does not know is a misspelling, not a wish."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Server(Section):
    """How one DHIS2 server is reached. Credentials are found by name, never written here."""

    url: str = Field(default="", description="Base address; empty: taken from the environment.")
    profile: str = Field(default="", description="Name of a profile in profiles.toml.")
    ca_bundle: str = Field(
        default="",
        description="File with the certificate authority to trust, seen from the transfer's folder "
        "(and inside the deployment), or an absolute path.",
    )
    allow_insecure: bool = Field(default=False, description="Allow plain http beyond loopback.")
    read_timeout: Duration = Field(default=timedelta(minutes=5))
    retry_budget: Duration = Field(default=timedelta(minutes=2))
    max_answer_mebibytes: int = Field(default=256, ge=1, le=4096)


class Source(Server):
    """Where the counts come from: program indicators of a tracker server."""

    program_indicators: tuple[Uid, ...] = ()
    program_indicator_groups: tuple[Uid, ...] = ()
    filters: tuple[str, ...] = Field(
        default=(), description="Analytics filters, for example `J5jldMd8OHv:uYxK4wmcPqA`."
    )
    max_analytics_age: Duration = Field(default=timedelta(hours=26))
    when_stale: Literal["refuse", "wait"] = "refuse"
    wait_at_most: Duration = Field(default=timedelta(minutes=30))
    on_broken: Literal["refuse", "hold"] = Field(
        default="refuse",
        description="When a program has no analytics table: refuse the run, or hold its cells.",
    )

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if not self.program_indicators and not self.program_indicator_groups:
            raise ValueError("name at least one program indicator or program indicator group")
        return self


class Target(Server):
    """Where the values go: the data sets of an aggregate server."""

    data_sets: tuple[Uid, ...] = Field(min_length=1)


class Periods(Section):
    """Which periods a run asks: the last n, a list, or a range."""

    type: Literal[PERIOD_TYPES] = "Monthly"  # type: ignore[valid-type]  # one list, in periods.py
    last: int | None = Field(default=None, ge=1, le=400)
    include_current: bool = False
    explicit: tuple[str, ...] = ()
    first: str = ""
    until: str = ""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        ways = [self.last is not None, bool(self.explicit), bool(self.first or self.until)]
        if sum(ways) != 1:
            raise ValueError("choose one: `last`, `explicit`, or `first` with `until`")
        if bool(self.first) != bool(self.until):
            lacking = "until" if self.first else "first"
            raise ValueError(f"`{lacking}` is required: a range has a first period and a last one")
        return self


class OrgUnits(Section):
    """Which org units of the source are asked."""

    level: int | None = Field(default=None, ge=1, le=12)
    groups: tuple[Uid, ...] = ()
    within: tuple[Uid, ...] = Field(default=(), description="Only below (or at) these org units.")
    assigned_only: bool = Field(
        default=True, description="Only org units assigned to a target data set."
    )

    @model_validator(mode="after")
    def _chosen(self) -> Self:
        if self.level is None and not self.groups:
            raise ValueError("choose a `level` or `groups`; `within` narrows either")
        return self


class Mapping(Section):
    """How mapping tables are read."""

    unlisted_org_units: Literal["same", "reject"] = "same"


def _insist_on_period(written: str) -> None:
    try:
        parse_period(written)
    except UsageError as letter:
        raise ValueError(f"{letter.what}; {letter.remedy}") from None


class Policy(Section):
    """What may be written where, when tracker and target differ."""

    existing: Literal["merge", "append", "update"] = "merge"
    vanished: Literal["retract", "zero", "leave"] = "retract"
    zeros: Literal["as_element", "store", "skip"] = "as_element"
    conflict: Literal["ask", "tracker", "manual"] = "ask"
    owner: str = Field(default="", description="Who decided a conflict policy other than `ask`.")
    reason: str = ""
    first_period: str = ""

    @model_validator(mode="after")
    def _decided_by_somebody(self) -> Self:
        if self.conflict != "ask" and not (self.owner and self.reason and self.first_period):
            raise ValueError(
                f'conflict = "{self.conflict}" needs `owner`, `reason` and `first_period`'
            )
        if self.first_period:
            _insist_on_period(self.first_period)
        return self


class Adopt(Section):
    """A first load over an older transfer: whose equal cells become ours."""

    stored_by: tuple[str, ...] = ()
    aggregated: bool = Field(default=False, description="Cells whose comment is [aggregated].")


class Guards(Section):
    """Above these a plan waits for a person; the defaults suit a first night."""

    max_retractions: int = Field(default=500, ge=0, description="Of a small transfer.")
    max_total_retraction_share: Share = Field(
        default=0.01, description="Of a large one: where this is more than `max_retractions`."
    )
    max_retraction_share: Share = 0.2
    max_site_retraction_share: Share = 0.5
    small_site: int = Field(
        default=20, ge=0, description="Cells below which a site has no share of its own."
    )
    max_changed_share: Share = Field(
        default=0.5, description="Of our values of a data set, in periods that are long over."
    )
    max_growth: float = Field(
        default=1.8, ge=1, description="The sum of a data set or element, in such periods."
    )
    max_site_growth: float = Field(default=3.0, ge=1, description="The sum of a site, likewise.")
    min_extract_share: Share = Field(
        default=0.5, description="Rows of this extract against the last one."
    )
    max_mapping_rows_lost: int = Field(default=0, ge=0)
    max_plan_age: Duration = Field(default=timedelta(hours=24))


class RejectLimits(Section):
    """How many rows may fail to become values before the run is stopped."""

    max_share: Share = 0.05


class Compare(Section):
    """Which manual numbers stand beside tracker's in the report; none named, none compared."""

    data_set: str = Field(
        default="",
        pattern=UID_OR_NOTHING,
        description="Data set of the target that the manual numbers stand in.",
    )
    file: str = Field(
        default="", description="CSV or Parquet file with them, seen from the transfer's folder."
    )
    tolerance: float = Field(
        default=0, ge=0, allow_inf_nan=False, description="So many counts apart still agree."
    )
    tolerance_share: Share = Field(
        default=0, description="Or so far apart, as a share of the manual number."
    )
    district_level: int = Field(
        default=3, ge=1, le=12, description="Level of the org units that the report sums up by."
    )

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if self.data_set and self.file:
            raise ValueError("manual numbers come from a `data_set` or from a `file`, not both")
        return self

    @property
    def is_wanted(self) -> bool:
        """Whether there is anything to compare tracker with."""
        return bool(self.data_set or self.file)


class Keep(Section):
    """What stays on the disk. The store, with its ledger and its history, is never pruned."""

    newest_runs: int = Field(default=10, ge=1, description="So many runs stay whole at any age.")
    responses: Duration = Field(
        default=timedelta(days=30),
        description="What servers said, byte for byte, and values.parquet, made of it.",
    )
    runs: Duration = Field(
        default=timedelta(days=400),
        description="Everything else of a run, and its changes, plan and rejects as Parquet.",
    )
    publications: int = Field(
        default=7,
        ge=1,
        description="So many publications stay whole; the newest answers for every run before it.",
    )
    after_each_run: bool = Field(
        default=True,
        description="Take away what is beyond these when a run was published; "
        "false: only `tally prune` does.",
    )


class Transfer(Section):
    """One configured movement of counts, from tracker to aggregate."""

    source: Source
    target: Target
    periods: Periods
    org_units: OrgUnits
    mapping: Mapping = Mapping()
    policy: Policy = Policy()
    adopt: Adopt = Adopt()
    guards: Guards = Guards()
    rejects: RejectLimits = RejectLimits()
    compare: Compare = Compare()
    keep: Keep = Keep()
