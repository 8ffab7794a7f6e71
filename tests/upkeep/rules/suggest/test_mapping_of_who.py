"""Metadata that nobody here invented is understood."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from pipeline.upkeep.rules.suggest.groups import choose_groups
from pipeline.upkeep.rules.suggest.mapping import Forms, suggest_mapping

PLACE = Path(os.environ.get("TALLY_REAL_METADATA", Path(__file__).parents[5] / "shared" / "real"))
FILE = PLACE / "who_tb_cs_program_indicators.json"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(
        not FILE.exists(),
        reason=f"no {FILE.name} in {PLACE}; TALLY_REAL_METADATA names its folder",
    ),
]


@pytest.fixture(scope="module")
def indicators() -> list[dict[str, Any]]:
    listed = json.loads(FILE.read_text(encoding="utf-8"))["programIndicators"]
    assert isinstance(listed, list)
    return listed


def forms(indicators: list[dict[str, Any]], without: str = "") -> Forms:
    """Give a target that has every element and option combo these indicators name."""
    elements = {value["value"] for one in indicators for value in one["attributeValues"]}
    combos = {one.get("aggregateExportCategoryOptionCombo") for one in indicators}
    return Forms(
        elements={code: f"id of {code}" for code in elements if code != without},
        combos={code: f"id of {code}" for code in combos if code},
        combo_of_options={},
        categories={},
        options={},
        default_combo="default",
    )


def test_every_indicator_of_a_published_package_finds_its_cell(
    indicators: list[dict[str, Any]],
) -> None:
    suggestion = suggest_mapping(indicators, forms(indicators))

    assert suggestion.doubts == []
    assert suggestion.rows.height == len(indicators)
    said = {one["id"]: one["attributeValues"][0]["value"] for one in indicators}
    for indicator, element in suggestion.rows.select("program_indicator", "data_element").rows():
        assert element == f"id of {said[indicator]}"
    with_combo = suggestion.rows.filter(suggestion.rows["category_option_combo"] != "")
    assert with_combo.height == sum(
        "aggregateExportCategoryOptionCombo" in one for one in indicators
    )


def test_an_element_that_the_target_lacks_is_a_doubt_for_each_of_its_indicators(
    indicators: list[dict[str, Any]],
) -> None:
    lost = indicators[0]["attributeValues"][0]["value"]

    suggestion = suggest_mapping(indicators, forms(indicators, without=lost))

    of_it = [one["id"] for one in indicators if one["attributeValues"][0]["value"] == lost]
    assert [doubt.program_indicator for doubt in suggestion.doubts] == of_it
    assert all(lost in doubt.why for doubt in suggestion.doubts)
    assert choose_groups(suggestion.rows["program_indicator"], []).groups == []


def test_a_target_that_knows_nothing_of_it_gives_only_doubts(
    indicators: list[dict[str, Any]],
) -> None:
    stranger = Forms({}, {}, {}, {}, {}, "default")

    suggestion = suggest_mapping(indicators, stranger)

    assert suggestion.rows.is_empty()
    assert len(suggestion.doubts) == len(indicators)
