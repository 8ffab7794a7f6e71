"""A guard is silent up to its threshold, and says what it saw one step beyond."""

from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest

from pipeline.plan.rules.guards import (
    GUARDS,
    LOOK_FIRST,
    Alarm,
    Before,
    GuardLimits,
    Identity,
    alarms,
    alarms_of_load,
    alarms_of_undoing,
    insist_on_known,
)
from pipeline.text.errors import UsageError
from pipeline.text.escaping import visible
from tests.support.hostile import HOSTILE

LIMITS = GuardLimits(
    max_retractions=3,
    max_retraction_share=0.25,
    max_site_retraction_share=0.5,
    small_site=4,
    min_extract_share=0.5,
    max_mapping_rows_lost=1,
)
LOOSE = GuardLimits(
    max_retractions=1_000,
    max_retraction_share=1.0,
    max_site_retraction_share=1.0,
    small_site=1_000,
    min_extract_share=0.0,
    max_mapping_rows_lost=1_000,
)


def plan(retracted: int, kept: int, *, site: str = "hill", ours: bool = True) -> pl.DataFrame:
    """Give the cells of one site: some that are taken back, some that stay."""
    actions = ["retract"] * retracted + ["keep"] * kept
    return pl.DataFrame(
        {
            "action": actions,
            "wanted_action": actions,
            "data_set": "monthly",
            "org_unit": site,
            "ledger_value": 1.0 if ours else None,
            "delete": [False] * (retracted + kept),
        },
        schema_overrides={"ledger_value": pl.Float64},
    )


def fired(
    cells: pl.DataFrame,
    limits: GuardLimits,
    *,
    rows: int = 10,
    mapping_rows: int = 10,
    before: Before | None = None,
) -> list[Alarm]:
    before = before or Before()
    return alarms(cells, rows=rows, mapping_rows=mapping_rows, before=before, limits=limits)


def guards(found: list[Alarm]) -> list[str]:
    return [alarm.guard for alarm in found]


@pytest.mark.parametrize(("count", "expected"), [(2, []), (3, []), (4, ["retractions"])])
def test_so_many_values_may_be_taken_back(count: int, expected: list[str]) -> None:
    limits = replace(LOOSE, max_retractions=3)

    assert guards(fired(plan(count, 50), limits)) == expected


@pytest.mark.parametrize(("count", "expected"), [(1, []), (2, []), (3, ["retraction-share"])])
def test_such_a_share_of_a_data_set_may_be_taken_back(count: int, expected: list[str]) -> None:
    limits = replace(LOOSE, max_retraction_share=0.25, small_site=4)

    assert guards(fired(plan(count, 8 - count), limits)) == expected


@pytest.mark.parametrize(("count", "expected"), [(3, []), (4, []), (5, ["site-retractions"])])
def test_such_a_share_of_a_site_may_be_taken_back(count: int, expected: list[str]) -> None:
    limits = replace(LOOSE, max_site_retraction_share=0.5, small_site=4)
    cells = pl.concat([plan(count, 8 - count), plan(0, 80, site="valley")])

    found = fired(cells, limits)

    assert guards(found) == expected
    if found:
        assert found[0].saw == "of our 8 values of hill, 5 would be removed"


@pytest.mark.parametrize(("values", "expected"), [(3, 0), (4, 1), (5, 1)])
def test_a_small_site_has_no_share_of_its_own(values: int, expected: int) -> None:
    limits = replace(LOOSE, max_site_retraction_share=0.5, small_site=4)

    assert len(fired(plan(values, 0), limits)) == expected


def test_the_worst_site_is_named() -> None:
    cells = pl.concat([plan(4, 0), plan(6, 0, site="valley")])

    found = fired(cells, replace(LOOSE, max_site_retraction_share=0.5, small_site=4))

    assert found[0].saw == (
        "of our 6 values of valley, 6 would be removed; so it is with 1 more org unit"
    )


NAMES = {"org_unit": {"hill": "Hill clinic"}, "data_set": {"monthly": "Monthly report"}}


def test_a_data_set_and_a_site_are_told_by_name_and_id_with_the_setting_that_stops_them() -> None:
    limits = replace(LOOSE, max_retraction_share=0.25, max_site_retraction_share=0.5, small_site=4)

    found = _with_names(plan(1500, 500), limits, NAMES)

    assert [(alarm.saw, alarm.usual) for alarm in found[1:]] == [
        (
            "of our 2\u202f000 values of Monthly report (monthly), 1\u202f500 would be removed",
            "at most 25\u202f% of one data set (guards.max_retraction_share)",
        ),
        (
            "of our 2\u202f000 values of Hill clinic (hill), 1\u202f500 would be removed",
            "at most 50\u202f% of one org unit (guards.max_site_retraction_share)",
        ),
    ]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_one_short_line_of_what_a_guard_saw(name: str) -> None:
    limits = replace(LOOSE, max_site_retraction_share=0.5, small_site=4)

    (alarm,) = _with_names(plan(5, 3), limits, {"org_unit": {"hill": name}})

    assert alarm.saw.startswith("of our 8 values of ")
    assert alarm.saw.endswith(" (hill), 5 would be removed")
    assert len(alarm.saw) < 150
    assert visible(alarm.saw) == alarm.saw


def _with_names(
    cells: pl.DataFrame, limits: GuardLimits, names: dict[str, dict[str, str]]
) -> list[Alarm]:
    return alarms(cells, rows=10, mapping_rows=10, before=Before(), limits=limits, names=names)


def test_every_guard_says_what_to_look_at_first() -> None:
    assert set(LOOK_FIRST) == set(GUARDS)


def test_values_of_others_are_in_nobodys_share() -> None:
    limits = replace(LOOSE, max_retraction_share=0.25, small_site=4)
    cells = pl.concat([plan(2, 3), plan(0, 50, ours=False)])

    assert guards(fired(cells, limits)) == ["retraction-share"]


@pytest.mark.parametrize(
    ("rows", "before", "expected"),
    [
        (51, 100, []),
        (50, 100, []),
        (49, 100, ["shrunken-extract"]),
        (1, 2, []),
        (0, 1, ["empty-extract"]),
        (0, 0, ["empty-extract"]),
        (0, None, ["empty-extract"]),
    ],
)
def test_an_extract_may_shrink_so_far(rows: int, before: int | None, expected: list[str]) -> None:
    limits = replace(LOOSE, min_extract_share=0.5)

    assert guards(fired(plan(0, 1), limits, rows=rows, before=Before(before, 10))) == expected


@pytest.mark.parametrize(
    ("rows", "expected"), [(11, []), (10, []), (9, []), (8, ["mapping-lost-rows"])]
)
def test_a_mapping_may_lose_so_many_rows(rows: int, expected: list[str]) -> None:
    limits = replace(LOOSE, max_mapping_rows_lost=1)

    assert guards(fired(plan(0, 1), limits, mapping_rows=rows, before=Before(10, 10))) == expected


def test_a_first_night_has_nothing_to_lose() -> None:
    assert fired(plan(0, 5, ours=False), LIMITS, rows=0, mapping_rows=0) == []


def test_a_zero_that_empties_a_cell_is_a_removal() -> None:
    emptied = plan(0, 4).with_columns(action=pl.lit("update"), delete=pl.lit(value=True))

    assert guards(fired(emptied, replace(LOOSE, max_retractions=3))) == ["retractions"]
    assert guards(fired(emptied, replace(LOOSE, max_retractions=4))) == []


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (None, []),
        (timedelta(hours=25), []),
        (timedelta(hours=26), []),
        (timedelta(hours=27), ["stale-analytics"]),
    ],
)
def test_analytics_may_be_so_old_when_a_plan_is_made(
    age: timedelta | None, expected: list[str]
) -> None:
    found = alarms(
        plan(0, 1), rows=10, mapping_rows=10, before=Before(), limits=LOOSE, analytics_age=age
    )

    assert guards(found) == expected
    if found:
        assert "27 hours old" in found[0].saw
        assert found[0].usual == "at most 26 hours (source.max_analytics_age)"


def test_a_target_of_another_name_is_told_with_what_of_ours_stands_there() -> None:
    cells = plan(0, 3).with_columns(current_value=pl.Series(["1.0", "2", None]))
    moved = Identity("new", "old")

    found = _of_target(cells, moved)

    assert guards(found) == ["another-target"]
    assert found[0].saw == (
        "the target is system new, and what is ours was written to system old; "
        "of our 3 values in this plan, 1 stands there as we wrote them"
    )
    assert "a transfer of its own" in found[0].usual
    assert _of_target(cells, Identity("old", "old")) == []


def test_an_id_that_appears_is_the_same_target_where_most_of_ours_stands_there() -> None:
    cells = plan(0, 3)
    most = cells.with_columns(current_value=pl.Series(["1.0", "1", None]))
    few = cells.with_columns(current_value=pl.Series(["1.0", "2", None]))

    assert _of_target(most, Identity("new", "")) == []
    assert guards(_of_target(few, Identity("new", ""))) == ["another-target"]
    assert alarms_of_load("", "new", timedelta(), timedelta(hours=24)) == []


def _of_target(cells: pl.DataFrame, target: Identity) -> list[Alarm]:
    return alarms(cells, rows=10, mapping_rows=10, before=Before(), limits=LOOSE, target=target)


def test_an_undoing_may_take_everything_back_on_its_own_target_only() -> None:
    cells = plan(3, 0).with_columns(current_value=pl.lit("1"))

    assert alarms_of_undoing(cells, Identity("old", "old")) == []
    assert guards(alarms_of_undoing(cells, Identity("new", "old"))) == ["another-target"]


def test_a_target_that_does_not_tell_its_id_is_another_one() -> None:
    found = alarms_of_load("old", "", timedelta(), timedelta(hours=24))

    assert guards(found) == ["another-target"]
    assert "the target is a system that does not tell its id" in found[0].saw


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (timedelta(hours=24), []),
        (timedelta(hours=24, seconds=1), ["old-plan"]),
    ],
)
def test_a_plan_is_young_until_its_last_second(age: timedelta, expected: list[str]) -> None:
    found = alarms_of_load("one", "one", age, timedelta(hours=24))

    assert guards(found) == expected
    if found:
        assert found[0].saw == "this plan was made 24 hours and 1 minute ago"
        assert found[0].usual == "at most 24 hours (guards.max_plan_age)"


def test_a_guard_that_there_is_not_cannot_be_passed() -> None:
    insist_on_known(GUARDS)

    with pytest.raises(UsageError, match="no guard 'retraction'") as told:
        insist_on_known(["retractions", "retraction"])
    assert "retractions, retraction-share" in told.value.remedy


def test_guards_that_fire_together_are_told_in_one_order() -> None:
    found = fired(plan(6, 0), LIMITS, rows=1, mapping_rows=1, before=Before(100, 10))

    assert guards(found) == [
        "retractions",
        "retraction-share",
        "site-retractions",
        "shrunken-extract",
        "mapping-lost-rows",
    ]
    assert all(alarm.saw and alarm.usual for alarm in found)
    assert found[0].as_record()["guard"] == "retractions"
