"""What makes a plan or its load look wrong: each guard says what it saw and what is usual."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import NamedTuple

import polars as pl

from pipeline.errors import UsageError
from pipeline.transform.numbers import number_of, same_number

GUARDS = (
    "retractions",
    "retraction-share",
    "site-retractions",
    "empty-extract",
    "shrunken-extract",
    "mapping-lost-rows",
    "stale-analytics",
    "another-target",
    "old-plan",
)
ANOTHER_TARGET, OLD_PLAN = GUARDS[-2:]
NONE_MAY: Mapping[str, str] = MappingProxyType({})  # no guard may be passed
_SAME_TARGET = (
    "the same system; one that was moved or set up anew from a backup is still ours, "
    "another one needs a transfer of its own (`tally init`)"
)
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


@dataclass(frozen=True)
class Alarm:
    """A guard that fired. `guard` is the name that `--allow` takes."""

    guard: str
    saw: str
    usual: str

    def as_record(self) -> dict[str, str]:
        """Give the alarm as JSON keeps it."""
        return asdict(self)


@dataclass(frozen=True)
class Before:
    """What the last loaded run looked like; all null on a first night."""

    rows: int | None = None
    mapping_rows: int | None = None


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
) -> list[Alarm]:
    """List the guards that a plan trips, in the order of GUARDS; an empty list lets it pass.

    `plan` has action, delete, data_set, org_unit, ledger_value, current_value. `rows` came from
    tracker (None: it was not asked, or not for all of the transfer). `analytics_age` is how old
    the source's tables are by now (None: not known, and not judged here).
    """
    return [
        *_retractions(plan, limits),
        *_shares(plan, limits),
        *_extract(plan, rows, before, limits),
        *_mapping(mapping_rows, before, limits),
        *_analytics(analytics_age, limits),
        *_target(plan, target),
    ]


def alarms_of_load(
    planned_for: str, target: str, age: timedelta, max_age: timedelta
) -> list[Alarm]:
    """List the guards that a load trips before it sends anything.

    `planned_for` and `target` are system ids; `age` is how long ago the plan was made.
    """
    found = []
    if planned_for != target:
        saw = f"the target is {_system(target)}, and this plan was made for {_system(planned_for)}"
        found.append(Alarm(ANOTHER_TARGET, saw, _SAME_TARGET))
    if age > max_age:
        saw = f"this plan was made {timedelta(seconds=round(age.total_seconds()))} ago"
        found.append(Alarm(OLD_PLAN, saw, f"at most {max_age} (guards.max_plan_age)"))
    return found


def _retractions(plan: pl.DataFrame, limits: GuardLimits) -> list[Alarm]:
    count = plan.filter(_REMOVED).height
    if count <= limits.max_retractions:
        return []
    usual = f"at most {limits.max_retractions} (guards.max_retractions)"
    return [Alarm("retractions", f"{count} values would be removed", usual)]


def _shares(plan: pl.DataFrame, limits: GuardLimits) -> list[Alarm]:
    found = []
    judged = plan.select("data_set", "org_unit", "ledger_value", "action", "delete")
    ours = judged.filter(pl.col("ledger_value").is_not_null())
    for column, guard, most, small in (
        ("data_set", "retraction-share", limits.max_retraction_share, limits.small_site),
        ("org_unit", "site-retractions", limits.max_site_retraction_share, limits.small_site),
    ):
        shares = (
            ours.group_by(column)
            .agg(ours=pl.len(), gone=_REMOVED.sum())
            .filter((pl.col("ours") >= small) & (pl.col("gone") > most * pl.col("ours")))
            .sort("gone", column, descending=[True, False])
        )
        if not shares.is_empty():
            worst = shares.row(0, named=True)
            saw = (
                f"{worst['gone']} of our {worst['ours']} values of {worst[column]} would be removed"
                f" ({shares.height} such)"
            )
            found.append(Alarm(guard, saw, f"at most {most:.0%} of a {column.replace('_', ' ')}"))
    return found


def _extract(
    plan: pl.DataFrame, rows: int | None, before: Before, limits: GuardLimits
) -> list[Alarm]:
    if rows is None:
        return []
    ours = plan["ledger_value"].count()
    if rows == 0 and (before.rows or ours):
        saw = f"no row at all came from tracker, and {ours} values there are ours"
        return [Alarm("empty-extract", saw, "some rows")]
    if before.rows is None or before.rows == 0:
        return []
    if rows >= before.rows * limits.min_extract_share:
        return []
    saw = f"{rows} rows came from tracker, {before.rows} the last time"
    return [Alarm("shrunken-extract", saw, f"at least {limits.min_extract_share:.0%} of it")]


def _mapping(mapping_rows: int, before: Before, limits: GuardLimits) -> list[Alarm]:
    lost = (before.mapping_rows or 0) - mapping_rows
    if lost <= limits.max_mapping_rows_lost:
        return []
    usual = f"at most {limits.max_mapping_rows_lost} rows lost"
    return [
        Alarm("mapping-lost-rows", f"the mapping has {lost} rows less than the last time", usual)
    ]


def _analytics(age: timedelta | None, limits: GuardLimits) -> list[Alarm]:
    if age is None or age <= limits.max_analytics_age:
        return []
    saw = f"the analytics tables that this run was extracted from are {_hours(age)} old"
    usual = f"at most {_hours(limits.max_analytics_age)} (source.max_analytics_age)"
    return [Alarm("stale-analytics", saw, usual)]


def _target(plan: pl.DataFrame, target: Identity | None) -> list[Alarm]:
    if target is None or target.now == target.in_the_ledger:
        return []
    ours = plan.filter(pl.col("ledger_value").is_not_null())
    stands = same_number(number_of(pl.col("current_value")), pl.col("ledger_value"))
    saw = (
        f"the target is {_system(target.now)}, and what is ours was written to "
        f"{_system(target.in_the_ledger)}; of our {ours.height} values in this plan, "
        f"{ours.filter(stands).height} stand there as we wrote them"
    )
    return [Alarm(ANOTHER_TARGET, saw, _SAME_TARGET)]


def _system(system_id: str) -> str:
    return f"system {system_id}" if system_id else "a system that does not tell its id"


def _hours(span: timedelta) -> str:
    return f"{span.total_seconds() / 3600:.0f} hours"
