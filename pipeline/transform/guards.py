"""What makes a plan look wrong: each guard says what it saw and what would be usual."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import timedelta

import polars as pl

from pipeline.errors import UsageError

GUARDS = (
    "retractions",
    "retraction-share",
    "site-retractions",
    "empty-extract",
    "shrunken-extract",
    "mapping-lost-rows",
    "stale-analytics",
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
) -> list[Alarm]:
    """List the guards that a plan trips, in the order of GUARDS; an empty list lets it pass.

    `plan` has action, delete, data_set, org_unit, ledger_value. `rows` came from tracker (None: it
    was not asked, or not for all of the transfer). `analytics_age` is how old the
    source's tables are by now (None: not known, and not judged here).
    """
    return [
        *_retractions(plan, limits),
        *_shares(plan, limits),
        *_extract(plan, rows, before, limits),
        *_mapping(mapping_rows, before, limits),
        *_analytics(analytics_age, limits),
    ]


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


def _hours(span: timedelta) -> str:
    return f"{span.total_seconds() / 3600:.0f} hours"
