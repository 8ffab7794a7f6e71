"""What makes a plan or its load look wrong: each guard says what it saw and what is usual."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import NamedTuple

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.numbers import number_of, same_number
from pipeline.text.errors import UsageError
from pipeline.text.escaping import shortened, with_id
from pipeline.text.wording import count, number, share, span
from schemas.plan import KeptGroups
from schemas.server import may_be_same_system

GUARDS = (
    "retractions",
    "retraction-share",
    "site-retractions",
    "changed-values",
    "growth",
    "empty-extract",
    "shrunken-extract",
    "mapping-lost-rows",
    "option-filters",
    "stale-analytics",
    "another-target",
    "old-plan",
)
ANOTHER_TARGET, OLD_PLAN = GUARDS[-2:]
OPTION_FILTERS = "option-filters"
NONE_MAY: Mapping[str, str] = MappingProxyType({})  # no guard may be passed
NOBODY: Mapping[str, Mapping[str, str]] = MappingProxyType({})  # has a name
_SAME_TARGET = (
    "the same system; one that was moved or set up anew from a backup is still ours, "
    "another one needs a transfer of its own (`tally init`)"
)
_ANALYTICS = (
    "look whether the source builds its analytics tables every night (Data Administration, "
    "Scheduler), and whether its account still sees the programs and sites (`tally verify NAME`)"
)
_COUNTED_TWICE = (
    "look whether tracker itself shows these counts: after a partial build of the analytics tables "
    "every event can be counted twice; build them anew (Data Administration, Analytics tables), "
    "then begin a new run"
)
# What to look at before a guard is passed; the letters of a load name its own way on.
LOOK_FIRST: Mapping[str, str] = MappingProxyType(
    {
        "retractions": "see below where the numbers would go and why; where tracker counts "
        "nothing any more, ask why the cases are gone",
        "retraction-share": "ask whether somebody deleted cases, changed the program indicators "
        "of this data set, or took them out of the mapping",
        "site-retractions": "ask this site whether its cases were deleted or moved to another site",
        "changed-values": _COUNTED_TWICE,
        "growth": _COUNTED_TWICE,
        "empty-extract": _ANALYTICS,
        "shrunken-extract": _ANALYTICS,
        "mapping-lost-rows": "look whether mappings/data_elements.csv is whole",
        OPTION_FILTERS: "look in Maintenance whether every event still fits one option of each "
        "category: what fits none, or two, is counted in no cell (`tally verify NAME` looks, too)",
        "stale-analytics": "build the analytics tables of the source (Data Administration, "
        "Analytics tables), then begin a new run",
        ANOTHER_TARGET: "look whether the address of the target is right",
        OLD_PLAN: "make a new plan with `tally plan NAME`, and read it",
    }
)
_STAYING = {"data_set": pl.String, "org_unit": pl.String, "ours": pl.Int64}
_REMOVED = (pl.col("action") == "retract") | pl.col("delete")


@dataclass(frozen=True)
class GuardLimits:
    """The thresholds of a transfer (see `Guards` in the configuration)."""

    max_retractions: int
    max_retraction_share: float
    max_site_retraction_share: float
    small_site: int
    min_extract_share: float
    max_mapping_rows_lost: int
    max_analytics_age: timedelta = timedelta(hours=26)
    max_total_retraction_share: float = 0.0


@dataclass(frozen=True)
class Alarm:
    """A guard that fired. `guard` is the name that `--allow` takes."""

    guard: str
    saw: str
    usual: str

    def as_record(self) -> dict[str, str]:
        """The alarm as JSON keeps it."""
        return asdict(self)


@dataclass(frozen=True)
class Before:
    """What the last loaded run looked like; all null or empty on a first night.

    `option_filters`: a hash for each program indicator that split its events up.
    """

    rows: int | None = None
    mapping_rows: int | None = None
    option_filters: Mapping[str, str] = field(default_factory=dict)


class Identity(NamedTuple):
    """The target's system id, and the one by which the ledger knows it."""

    now: str
    in_the_ledger: str


def insist_on_known(names: Collection[str]) -> None:
    """Refuse to pass a guard that there is not: a misspelt name would pass nothing."""
    unknown = sorted(set(names) - set(GUARDS))
    if unknown:
        raise UsageError(
            f"there is no guard {unknown[0]!r:.40}",
            where="--allow",
            remedy=f"the guards are {', '.join(GUARDS)}",
        )


def alarms(
    plan: pl.DataFrame,
    *,
    rows: int | None,
    mapping_rows: int,
    before: Before,
    limits: GuardLimits,
    analytics_age: timedelta | None = None,
    target: Identity | None = None,
    names: Mapping[str, Mapping[str, str]] = NOBODY,
    kept: DataFrame[KeptGroups] | None = None,
) -> list[Alarm]:
    """The guards that a plan trips, in the order of GUARDS; an empty list lets it pass.

    `plan` has action, delete, data_set, org_unit, ledger_value, current_value; `kept` counts cells
    that stay as they are beside those of the plan. `rows` came from tracker (None: it was not
    asked, or not for all of the transfer). `analytics_age` is how old the source's tables are by
    now (None: not known, and not judged here). `names` gives, for data_set and org_unit, the name
    of each id.
    """
    staying = pl.DataFrame(schema=_STAYING) if kept is None else kept.select(*_STAYING)
    ours = int(plan["ledger_value"].count()) + int(staying["ours"].sum())
    return [
        *_retractions(plan, ours, limits),
        *_shares(plan, staying, limits, names),
        *_extract(ours, rows, before, limits),
        *_mapping(mapping_rows, before, limits),
        *_analytics(analytics_age, limits),
        *_target(plan, int(staying["ours"].sum()), target),
    ]


def alarms_of_undoing(plan: pl.DataFrame, target: Identity) -> list[Alarm]:
    """The guards that the undoing of a run trips: it must be the same target.

    `plan` has ledger_value, current_value. No case vanished: what goes, that run wrote first.
    """
    return _target(plan, 0, target)


def alarms_of_load(
    planned_for: str, target: str, age: timedelta, max_age: timedelta
) -> list[Alarm]:
    """The guards that a load trips before it sends anything.

    `planned_for` and `target` are system ids; `age` is how long ago the plan was made.
    """
    found = []
    if not may_be_same_system(planned_for, target):
        saw = f"the target is {_system(target)}, and this plan was made for {_system(planned_for)}"
        found.append(Alarm(ANOTHER_TARGET, saw, _SAME_TARGET))
    if age > max_age:
        saw = f"this plan was made {span(age)} ago"
        found.append(Alarm(OLD_PLAN, saw, f"at most {span(max_age)} (guards.max_plan_age)"))
    return found


def _retractions(plan: pl.DataFrame, ours: int, limits: GuardLimits) -> list[Alarm]:
    removed = plan.filter(_REMOVED).height
    of_ours = int(limits.max_total_retraction_share * ours)
    if removed <= max(limits.max_retractions, of_ours):
        return []
    usual = f"at most {number(limits.max_retractions)} (guards.max_retractions)"
    if of_ours > limits.max_retractions:
        part = share(limits.max_total_retraction_share, 1)
        usual = f"at most {part} of all that is ours (guards.max_total_retraction_share)"
    return [Alarm("retractions", f"{count(removed, 'value')} would be removed", usual)]


def _shares(
    plan: pl.DataFrame,
    staying: pl.DataFrame,
    limits: GuardLimits,
    names: Mapping[str, Mapping[str, str]],
) -> list[Alarm]:
    found = []
    decided = plan.filter(pl.col("ledger_value").is_not_null()).select(
        "data_set", "org_unit", ours=pl.lit(1, pl.Int64), removed=_REMOVED.cast(pl.Int64)
    )
    ours = pl.concat([decided, staying.with_columns(removed=pl.lit(0, pl.Int64))])
    for column, guard, setting in (
        ("data_set", "retraction-share", "max_retraction_share"),
        ("org_unit", "site-retractions", "max_site_retraction_share"),
    ):
        most = getattr(limits, setting)
        shares = (
            ours.group_by(column)
            .agg(pl.col("ours").sum(), pl.col("removed").sum())
            .filter(pl.col("ours") >= limits.small_site, pl.col("removed") > most * pl.col("ours"))
            .sort("removed", column, descending=[True, False])
        )
        if not shares.is_empty():
            one = column.replace("_", " ")
            usual = f"at most {share(most, 1)} of one {one} (guards.{setting})"
            found.append(Alarm(guard, _worst(shares, one, names.get(column, {})), usual))
    return found


def _worst(shares: pl.DataFrame, one: str, names: Mapping[str, str]) -> str:
    """The first of these shares (its id, ours, removed) in words, and how many more there are."""
    known_by, ours, removed = shares.row(0)
    called = f"no {one}" if known_by is None else _called(known_by, names)
    saw = f"of our {count(ours, 'value')} of {called}, {number(removed)} would be removed"
    more = shares.height - 1
    return f"{saw}; so it is with {count(more, f'more {one}')}" if more else saw


def _extract(ours: int, rows: int | None, before: Before, limits: GuardLimits) -> list[Alarm]:
    if rows is None:
        return []
    if rows == 0 and (before.rows or ours):
        there = f"of the values in this plan {number(ours)} {'is' if ours == 1 else 'are'} ours"
        saw = f"no row at all came from tracker; {there}"
        return [Alarm("empty-extract", saw, "at least one row")]
    if before.rows is None or before.rows == 0:
        return []
    if rows >= before.rows * limits.min_extract_share:
        return []
    saw = f"{count(rows, 'row')} came from tracker, and {number(before.rows)} the last time"
    least = f"at least {share(limits.min_extract_share, 1)} of the last time"
    return [Alarm("shrunken-extract", saw, f"{least} (guards.min_extract_share)")]


def _mapping(mapping_rows: int, before: Before, limits: GuardLimits) -> list[Alarm]:
    lost = (before.mapping_rows or 0) - mapping_rows
    if lost <= limits.max_mapping_rows_lost:
        return []
    usual = f"at most {number(limits.max_mapping_rows_lost)} (guards.max_mapping_rows_lost)"
    saw = f"the mapping has lost {count(lost, 'row')} since the last load"
    return [Alarm("mapping-lost-rows", saw, usual)]


def _analytics(age: timedelta | None, limits: GuardLimits) -> list[Alarm]:
    if age is None or age <= limits.max_analytics_age:
        return []
    saw = f"the analytics tables that this run was extracted from are {span(age)} old"
    usual = f"at most {span(limits.max_analytics_age)} (source.max_analytics_age)"
    return [Alarm("stale-analytics", saw, usual)]


def _target(plan: pl.DataFrame, staying: int, target: Identity | None) -> list[Alarm]:
    """The alarm of a target that has another system id; `staying` values of ours stand there."""
    if target is None or target.now == target.in_the_ledger:
        return []
    decided = plan.filter(pl.col("ledger_value").is_not_null())
    as_written = same_number(number_of(pl.col("current_value")), pl.col("ledger_value"))
    ours, stand = decided.height + staying, decided.filter(as_written).height + staying
    # An id that a server did not tell before is no other server, where most of ours stands there.
    if not target.in_the_ledger and 2 * stand >= ours:
        return []
    saw = (
        f"the target is {_system(target.now)}, and what is ours was written to "
        f"{_system(target.in_the_ledger)}; of our {count(ours, 'value')} in this plan, "
        f"{number(stand)} {'stands' if stand == 1 else 'stand'} there as we wrote them"
    )
    return [Alarm(ANOTHER_TARGET, saw, _SAME_TARGET)]


def _system(system_id: str) -> str:
    return f"system {shortened(system_id)}" if system_id else "a system that does not tell its id"


def _called(known_by: str, names: Mapping[str, str]) -> str:
    name = names.get(known_by, known_by)
    return shortened(known_by) if name == known_by else with_id(name, known_by)
