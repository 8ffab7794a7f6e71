"""A normal night and a growing programme pass; counts that double overnight do not."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.plan.rules.growth import (
    GrowthLimits,
    changed_groups,
    grown_groups,
    growth_alarms,
)

LIMITS = GrowthLimits()


def plan(before: list[float | None], now: list[float | None], site: str = "hill") -> pl.DataFrame:
    """The cells of one site: what was loaded, and what tracker says now."""
    return pl.DataFrame(
        {"ledger_value": before, "tracker_value": now},
        schema={"ledger_value": pl.Float64, "tracker_value": pl.Float64},
    ).with_columns(data_set=pl.lit("monthly"), data_element=pl.lit("visits"), org_unit=pl.lit(site))


def names(cells: pl.DataFrame) -> list[str]:
    changed = [f"changed {one.column}" for one in changed_groups(cells, LIMITS)]
    return [*changed, *(f"grown {one.column}" for one in grown_groups(cells, LIMITS))]


def test_counts_that_doubled_overnight_are_told_of_data_set_and_element() -> None:
    numbers: list[float | None] = [float(number) for number in range(1, 41)]
    doubled = [None if number is None else 2 * number for number in numbers]

    assert names(plan(numbers, doubled)) == [
        "changed data_set",
        "grown data_set",
        "grown data_element",
    ]


def test_a_night_with_a_few_corrections_passes() -> None:
    numbers: list[float | None] = [10.0] * 100

    assert names(plan(numbers, [*numbers[:90], *[11.0] * 10])) == []


def test_a_new_month_of_all_sites_is_no_growth() -> None:
    assert names(plan([*[10.0] * 40, *[None] * 40], [10.0] * 80)) == []


def test_what_tracker_no_longer_counts_is_for_the_other_guards() -> None:
    assert names(plan([10.0] * 40, [*[10.0] * 20, *[None] * 20])) == []


def test_one_site_that_grew_fourfold_is_told_by_itself() -> None:
    cells = pl.concat([plan([10.0] * 200, [10.0] * 200), plan([5.0] * 20, [20.0] * 20, "bay")])

    (grown,) = grown_groups(cells, LIMITS)
    assert (grown.column, grown.group, grown.ours, grown.before, grown.now) == (
        *("org_unit", "bay", 20),
        *(100.0, 400.0),
    )


@pytest.mark.parametrize(("cells", "is_told"), [(19, False), (20, True)])
def test_few_values_are_not_judged(cells: int, is_told: bool) -> None:
    assert bool(names(plan([1.0] * cells, [9.0] * cells))) is is_told


@given(st.lists(st.floats(0, 1e6), min_size=20, max_size=60))
def test_what_stays_the_same_makes_no_alarm(numbers: list[float]) -> None:
    assert names(plan([*numbers], [*numbers])) == []


def test_an_alarm_names_the_group_both_sums_and_the_setting() -> None:
    cells = plan([10.0] * 20, [20.0] * 20)
    called = {"data_set": {"monthly": "Monthly report"}, "data_element": {"visits": "Visits"}}

    changed, grown = growth_alarms(cells, LIMITS, called)

    assert changed.saw == (
        "of our 20 values of data set Monthly report (monthly), 20 would be changed"
    )
    assert grown.saw == "the sum of data set Monthly report (monthly) would grow from 200 to 400"
    assert grown.usual == "at most 1.8 times as much (guards.max_growth)"


def test_of_several_groups_the_worst_is_named_and_the_others_are_counted() -> None:
    cells = pl.concat(
        [plan([1.0] * 20, [9.0] * 20, "hill"), plan([1.0] * 20, [8.0] * 20, "bay")]
    ).with_columns(data_set=pl.lit(None, pl.String), data_element=pl.lit(None, pl.String))

    (alarm,) = growth_alarms(cells, LIMITS, {})

    assert alarm.saw == (
        "the sum of org unit hill would grow from 20 to 180; so it is with 1 more org unit"
    )
    assert alarm.usual.endswith("(guards.max_site_growth)")
