"""What a configuration means today: which org units, which periods, which indicators together."""

from datetime import datetime
from typing import Any

import polars as pl
import pytest

from pipeline.config.sections import Transfer
from pipeline.extract.rules.scope import Scope, choose_scope
from pipeline.text.errors import UsageError
from schemas.mapping import MappingTables
from schemas.metadata import SourceMetadata, TargetMetadata
from schemas.server import SystemInfo
from tests.support.frames import frame

MORNING = datetime(2026, 11, 20, 6)  # noqa: DTZ001  # a server's own clock has no zone
INFO = SystemInfo("2.42.4.1", "iso8601", "here", MORNING, None)
ORG_UNITS = frame("""
    id          | path                                 | level
    ouCountry01 | /ouCountry01                         | 1
    ouNorth0001 | /ouCountry01/ouNorth0001             | 2
    ouSouth0001 | /ouCountry01/ouSouth0001             | 2
    ouHill00001 | /ouCountry01/ouNorth0001/ouHill00001 | 3
    ouValley001 | /ouCountry01/ouNorth0001/ouValley001 | 3
    ouBay000001 | /ouCountry01/ouSouth0001/ouBay000001 | 3
""").with_columns(pl.col("level").cast(pl.Int64))
INDICATORS = pl.DataFrame(
    [
        ("plain", [], 1),
        ("bySex", ["sex"], 2),
        ("alsoBySex", ["sex"], 2),
        ("bySexAge", ["sex", "age"], 8),
        ("totalOnly", ["sex"], 2),
        ("unmapped", ["sex"], 2),
    ],
    schema={"id": pl.String, "categories": pl.List(pl.String), "options": pl.Int64},
    orient="row",
)
MAPPING = frame("""
    program_indicator | category_options
    plain             |
    bySex             | boys
    bySex             | girls
    alsoBySex         | boys
    bySexAge          | boys+young
    totalOnly         |
""")
MOVED = frame("""
    source_org_unit | target_org_unit
    ouBay000001     | ouHarbour01
""")
TAKES = frame("""
    data_set    | org_unit
    dsMonthly01 | ouHill00001
    dsMonthly01 | ouHarbour01
    dsMonthly01 | ouCountry01
""")
NOTHING = pl.DataFrame()
FORMS = TargetMetadata(
    *(NOTHING, NOTHING, NOTHING, TAKES, NOTHING, NOTHING, NOTHING, NOTHING), "default"
)
GROUP = "ouGroup0001"
METADATA = SourceMetadata(
    INDICATORS, ORG_UNITS, {GROUP: frozenset({"ouHill00001", "ouBay000001", "ouCountry01"})}
)


def scope(info: SystemInfo = INFO, **sections: dict[str, Any]) -> Scope:
    """Choose the scope of a transfer for which some sections are written differently."""
    usual = {
        "source": {"program_indicators": ["piCases0001"]},
        "target": {"data_sets": ["dsMonthly01"]},
        "periods": {"last": 1},
        "org_units": {"level": 3},
    }
    settings = Transfer.model_validate(usual | sections)
    return choose_scope(settings, MappingTables(MAPPING, MOVED), METADATA, FORMS, info)


def names(**keys: object) -> list[str]:
    """Give the names of the chosen org units without what makes them ids."""
    chosen = scope(org_units={"assigned_only": False, **keys}).org_units["id"]
    return [unit[2:].rstrip("01") for unit in chosen]


def test_org_units_are_chosen_by_level_group_and_subtree() -> None:
    assert names(level=3) == ["Bay", "Hill", "Valley"]
    assert names(groups=[GROUP]) == ["Bay", "Country", "Hill"]
    assert names(level=3, groups=[GROUP]) == ["Bay", "Hill"]
    assert names(level=3, within=["ouNorth0001"]) == ["Hill", "Valley"]
    assert names(level=2, within=["ouNorth0001"]) == ["North"]
    assert names(level=3, within=["ouNorth0001", "ouBay000001"]) == ["Bay", "Hill", "Valley"]


def test_an_unknown_org_unit_beside_a_good_one_is_refused() -> None:
    with pytest.raises(UsageError, match="shows no org unit with id ouNowhere01") as refused:
        names(level=3, within=["ouNorth0001", "ouNowhere01"])

    assert "within" in refused.value.where


def test_only_those_that_a_data_set_takes_are_asked_wherever_they_move_to() -> None:
    assert names(level=3, assigned_only=True) == ["Bay", "Hill"]


def test_a_scope_without_org_units_is_refused_with_where_to_look() -> None:
    with pytest.raises(UsageError, match="no org unit of the source is in the scope") as told:
        scope(org_units={"level": 2})

    assert "[org_units]" in told.value.where
    assert "assigned" in told.value.remedy


@pytest.mark.parametrize(
    ("periods", "ids"),
    [
        ({"last": 2}, ["202609", "202610"]),
        ({"last": 2, "include_current": True}, ["202610", "202611"]),
        ({"explicit": ["202601", "202512", "202601"]}, ["202601", "202512"]),
        ({"first": "202511", "until": "202601"}, ["202511", "202512", "202601"]),
        ({"type": "Weekly", "last": 1}, ["2026W46"]),
        ({"type": "FinancialNov", "last": 1}, ["2026Nov"]),
        ({"type": "QuarterlyNov", "explicit": ["2026NovQ1"]}, ["2026NovQ1"]),
    ],
)
def test_periods_are_those_of_the_servers_day(periods: dict[str, Any], ids: list[str]) -> None:
    assert scope(periods=periods).periods == ids


@pytest.mark.parametrize(
    ("periods", "complaint"),
    [
        ({"explicit": ["2026W1"]}, "2026W1 is no Monthly period"),
        ({"first": "2026Q1", "until": "2026Q2"}, "2026Q1 is no Monthly period"),
        ({"explicit": ["202613"]}, "202613"),
    ],
)
def test_periods_of_another_type_are_refused(periods: dict[str, Any], complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        scope(periods=periods)


def test_indicators_with_the_same_categories_are_asked_together() -> None:
    asked = {group.categories: group for group in scope().asked}

    assert asked[()].program_indicators == ("plain", "totalOnly")
    assert asked["sex",].program_indicators == ("bySex", "alsoBySex", "unmapped")
    assert asked["sex", "age"].program_indicators == ("bySexAge",)
    assert [asked[key].options for key in ((), ("sex",), ("sex", "age"))] == [1, 2, 8]


def test_a_part_of_a_scope_is_about_one_indicator_only() -> None:
    whole = scope()
    part = whole.of_one("bySexAge")

    assert part.indicators == ["bySexAge"]
    assert part.categories == {"bySexAge": ["sex", "age"]}
    assert part.periods == whole.periods
    assert part.org_units.equals(whole.org_units)


def test_org_units_of_two_levels_are_named_apart() -> None:
    mixed = scope(org_units={"groups": [GROUP], "assigned_only": False})

    assert [part.ids for part in mixed.by_level] == [
        ("ouCountry01",),
        ("ouBay000001", "ouHill00001"),
    ]


def test_a_scope_without_anything_to_ask_is_refused() -> None:
    nothing = Scope([], ["202601"], ORG_UNITS)

    with pytest.raises(UsageError, match="nothing to ask"):
        nothing.questions(0, ())
