"""What grew too much since it was written: counts that doubled overnight are seldom true.

After a partial build of its analytics tables a server can count every event twice (DHIS2-19473).
Only what is ours is judged, so new months and new sites make no alarm.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.numbers import canonical_text
from pipeline.plan.rules.guards import Alarm
from pipeline.text.escaping import shortened, with_id
from pipeline.text.wording import count, number, share
from schemas.plan import KeptGroups


@dataclass(frozen=True)
class GrowthLimits:
    """What a night may change of what was loaded before.

    `changed_share`: of our values of a data set. `growth` and `site_growth`: the new sum of a data
    set or data element, and of a site, as a multiple of the old one. `small_group`: with fewer
    values of ours a group is not judged.
    """

    changed_share: float = 0.5
    growth: float = 1.8
    site_growth: float = 3.0
    small_group: int = 20


SETTLED_DAYS = 14  # a period that ended so long ago has its cases; until then it may still grow


class Grown(NamedTuple):
    """One group that changed or grew above its limit.

    `column`: data_set, data_element or org_unit; `group`: its id. `ours` values were loaded before,
    `changed` of them are other numbers now, and their sum went from `before` to `now`.
    """

    column: str
    group: str
    ours: int
    changed: int
    before: float
    now: float


def growth_alarms(
    plan: pl.DataFrame,
    limits: GrowthLimits,
    names: Mapping[str, Mapping[str, str]],
    kept: DataFrame[KeptGroups] | None = None,
) -> list[Alarm]:
    """The alarms of changed-values and of growth; none lets the plan pass.

    `plan`: data_set, data_element, org_unit, tracker_value, ledger_value, of periods that are long
    over. `names` gives, for these columns, the name of each id. `kept`: what stays as it is beside
    the cells of the plan; of it, too, only what is settled counts.
    """
    settled = None if kept is None else kept.filter("is_settled")
    changed = changed_groups(plan, limits, settled)
    grown = grown_groups(plan, limits, settled)
    found = []
    if changed:
        usual = f"at most {share(limits.changed_share, 1)} (guards.max_changed_share)"
        found.append(Alarm("changed-values", _worst(changed, names, _changed_in_words), usual))
    if grown:
        setting, most = (
            ("max_site_growth", limits.site_growth)
            if grown[0].column == "org_unit"
            else ("max_growth", limits.growth)
        )
        usual = f"at most {most:g} times as much (guards.{setting})"
        found.append(Alarm("growth", _worst(grown, names, _growth_in_words), usual))
    return found


def _worst(
    groups: Sequence[Grown],
    names: Mapping[str, Mapping[str, str]],
    in_words: Callable[[Grown, str], str],
) -> str:
    """The first group in words, and how many more there are of its kind."""
    first = groups[0]
    kind = first.column.replace("_", " ")
    more = sum(one.column == first.column for one in groups) - 1
    sentence = in_words(first, f"{kind} {_called(first, names)}")
    return f"{sentence}; so it is with {count(more, f'more {kind}')}" if more else sentence


def _changed_in_words(one: Grown, group: str) -> str:
    return f"of our {count(one.ours, 'value')} of {group}, {number(one.changed)} would be changed"


def _growth_in_words(one: Grown, group: str) -> str:
    before, now = pl.select(
        canonical_text(pl.lit(one.before)), canonical_text(pl.lit(one.now)).alias("now")
    ).row(0)
    return f"the sum of {group} would grow from {before} to {now}"


def _called(one: Grown, names: Mapping[str, Mapping[str, str]]) -> str:
    name = names.get(one.column, {}).get(one.group, one.group)
    return shortened(one.group) if name == one.group else with_id(name, one.group)


def changed_groups(
    plan: pl.DataFrame, limits: GrowthLimits, kept: pl.DataFrame | None = None
) -> list[Grown]:
    """The data sets of which too many values changed, the worst first.

    `plan`: data_set, data_element, org_unit, action, tracker_value, ledger_value. Cells that
    tracker no longer counts are for the guards of retractions.
    """
    judged = _judged(plan, "data_set", limits, kept)
    too_many = pl.col("changed") > limits.changed_share * pl.col("ours")
    return _worst_first(judged.filter(too_many), "data_set")


def grown_groups(
    plan: pl.DataFrame, limits: GrowthLimits, kept: pl.DataFrame | None = None
) -> list[Grown]:
    """The data sets, data elements and sites whose sum grew too much, the worst of each first."""
    most: Mapping[str, float] = {
        "data_set": limits.growth,
        "data_element": limits.growth,
        "org_unit": limits.site_growth,
    }
    found = []
    for column, times in most.items():
        judged = _judged(plan, column, limits, kept)
        too_much = (pl.col("before") > 0) & (pl.col("now") > times * pl.col("before"))
        found += _worst_first(judged.filter(too_much), column)
    return found


def _judged(
    plan: pl.DataFrame, column: str, limits: GrowthLimits, kept: pl.DataFrame | None
) -> pl.DataFrame:
    """Sum up what is ours and still counted: the column, ours, changed, before, now."""
    both = pl.col("ledger_value").is_not_null() & pl.col("tracker_value").is_not_null()
    decided = plan.filter(both & pl.col(column).is_not_null()).select(
        column,
        ours=pl.lit(1, pl.Int64),
        changed=(pl.col("tracker_value") != pl.col("ledger_value")).cast(pl.Int64),
        before="ledger_value",
        now="tracker_value",
    )
    staying = decided.clear()
    if kept is not None:
        unchanged = pl.lit(0, pl.Int64)
        staying = kept.select(column, "ours", changed=unchanged, before="total", now="total")
    return (
        pl.concat([decided, staying])
        .group_by(column)
        .agg(pl.col("ours", "changed", "before", "now").sum())
        .filter(pl.col("ours") >= limits.small_group)
    )


def _worst_first(groups: pl.DataFrame, column: str) -> list[Grown]:
    ordered = groups.sort(pl.col("now") - pl.col("before"), column, descending=[True, False])
    return [Grown(column, *row) for row in ordered.rows()]
