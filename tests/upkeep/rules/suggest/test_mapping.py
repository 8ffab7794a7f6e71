"""What an indicator says about its target becomes a row of the mapping, or a doubt."""

from typing import Any

import polars as pl
from polars.testing import assert_frame_equal

from pipeline.upkeep.rules.suggest.mapping import Doubt, Forms, Suggestion, suggest_mapping
from tests.support.frames import frame

FORMS = Forms(
    elements={"CASES": "deCases", "deCases": "deCases", "DEATHS": "deDeaths"},
    combos={"MALE": "cocMale", "cocMale": "cocMale", "FEMALE": "cocFemale", "FIXED": "cocFixed"},
    combo_of_options={
        ("ccSex", ("female",)): "cocFemale",
        ("ccSex", ("male",)): "cocMale",
        ("ccPlace", ("fixed",)): "cocFixed",
        ("ccPlace", ("outreach",)): "cocOutreach",
        ("ccSexAge", ("female", "old")): "cocFemaleOld",
        ("ccSexAge", ("female", "young")): "cocFemaleYoung",
        ("ccSexAge", ("male", "old")): "cocMaleOld",
        ("ccSexAge", ("male", "young")): "cocMaleYoung",
        ("ccLost", ("male",)): "cocLostMale",
    },
    categories={
        "ccDefault": ["caDefault"],
        "ccSex": ["caSex"],
        "ccPlace": ["caPlace"],
        "ccSexAge": ["caSex", "caAge"],
        "ccLost": ["caSex"],
        "ccBare": ["caBare"],
    },
    options={
        "caDefault": ["default"],
        "caSex": ["male", "female"],
        "caAge": ["young", "old"],
        "caPlace": ["fixed", "outreach"],
        "caBare": [],
    },
    default_combo="ccDefault",
)


def old_style(key: str, element: str | None, combo: str | None = None) -> dict[str, Any]:
    """Name the element in an attribute, as before 2.42: an empty text is an attribute not set."""
    attributes = [] if element is None else [{"attribute": {"id": "target"}, "value": element}]
    return {
        "id": key,
        "name": f"Indicator {key}",
        "aggregateExportCategoryOptionCombo": combo,
        "attributeValues": attributes,
    }


def disaggregated(key: str, element: str, combo: str, attributes: str = "") -> dict[str, Any]:
    """Split the events up by category mappings, as 2.42 and later do."""
    return {
        "id": key,
        "name": f"Indicator {key}",
        "aggregateExportDataElement": element,
        "categoryCombo": {"id": combo},
        "attributeCombo": {"id": attributes or "ccDefault"},
        "categoryMappingIds": ["some mapping"],
    }


def cells(suggestion: Suggestion) -> pl.DataFrame:
    return suggestion.rows.select(
        "program_indicator",
        "category_options",
        "data_element",
        option_combo="category_option_combo",
        attributes="attribute_option_combo",
    )


def test_an_indicator_of_the_old_style_fills_one_cell() -> None:
    suggestion = suggest_mapping(
        [
            old_style("pi1", "CASES", "MALE"),
            old_style("pi2", "CASES", "FEMALE"),
            old_style("pi3", "DEATHS"),
        ],
        FORMS,
    )

    expected = frame("""
        program_indicator | category_options | data_element | option_combo | attributes
        pi1               |                  | deCases      | cocMale      |
        pi2               |                  | deCases      | cocFemale    |
        pi3               |                  | deDeaths     |              |
    """)
    assert_frame_equal(cells(suggestion), expected)
    assert suggestion.doubts == []
    assert suggestion.rows["rule"].unique().to_list() == ["only"]
    assert suggestion.rows["program_indicator_name"].to_list()[0] == "Indicator pi1"


def test_an_id_serves_as_well_as_a_code() -> None:
    suggestion = suggest_mapping([old_style("pi1", "deCases", "cocMale")], FORMS)

    assert cells(suggestion).row(0) == ("pi1", "", "deCases", "cocMale", "")


def test_any_attribute_may_name_the_element() -> None:
    indicator = old_style("pi1", "a remark of somebody")
    indicator["attributeValues"].append({"attribute": {"id": "other"}, "value": "DEATHS"})

    assert cells(suggest_mapping([indicator], FORMS))["data_element"].to_list() == ["deDeaths"]


def test_a_named_attribute_option_combo_is_kept() -> None:
    indicator = old_style("pi1", "CASES", "MALE") | {"aggregateExportAttributeOptionCombo": "FIXED"}

    assert cells(suggest_mapping([indicator], FORMS)).row(0)[3:] == ("cocMale", "cocFixed")


def test_a_disaggregated_indicator_gives_a_row_for_every_combination_of_options() -> None:
    suggestion = suggest_mapping([disaggregated("pi1", "CASES", "ccSexAge")], FORMS)

    expected = frame("""
        program_indicator | category_options | data_element | option_combo   | attributes
        pi1               | female+old       | deCases      | cocFemaleOld   |
        pi1               | female+young     | deCases      | cocFemaleYoung |
        pi1               | male+old         | deCases      | cocMaleOld     |
        pi1               | male+young       | deCases      | cocMaleYoung   |
    """)
    assert_frame_equal(cells(suggestion), expected)


def test_attributes_split_an_indicator_up_as_categories_do() -> None:
    suggestion = suggest_mapping([disaggregated("pi1", "CASES", "ccSex", "ccPlace")], FORMS)

    expected = frame("""
        program_indicator | category_options | data_element | option_combo | attributes
        pi1               | female+fixed     | deCases      | cocFemale    | cocFixed
        pi1               | female+outreach  | deCases      | cocFemale    | cocOutreach
        pi1               | fixed+male       | deCases      | cocMale      | cocFixed
        pi1               | male+outreach    | deCases      | cocMale      | cocOutreach
    """)
    assert_frame_equal(cells(suggestion), expected)


def test_what_leads_nowhere_is_a_doubt_that_says_what_was_written() -> None:
    hidden = disaggregated("pi4", "CASES", "ccHidden")
    bare = disaggregated("pi5", "CASES", "ccBare")
    lost = disaggregated("pi6", "CASES", "ccLost")

    suggestion = suggest_mapping(
        [
            old_style("pi1", None),
            old_style("pi2", "CASSES"),
            old_style("pi3", "CASES", "MAIL"),
            hidden,
            bare,
            lost,
        ],
        FORMS,
    )

    assert suggestion.rows.is_empty()
    assert suggestion.doubts == [
        Doubt("pi1", "it names no data element"),
        Doubt("pi2", "no data element of the target has the id or code 'CASSES'"),
        Doubt("pi3", "no option combo of the target has the id or code 'MAIL'"),
        Doubt("pi4", "its category combo ccHidden is not shown to this account"),
        Doubt("pi5", "its category combo ccBare has a category without options"),
        Doubt("pi6", "the target has no option combo of female"),
    ]


def test_of_two_sources_of_one_cell_the_disaggregated_one_stays_and_the_other_is_a_doubt() -> None:
    suggestion = suggest_mapping(
        [old_style("pi1", "CASES", "MALE"), disaggregated("pi2", "CASES", "ccSex")], FORMS
    )

    assert suggestion.rows["program_indicator"].to_list() == ["pi2", "pi2"]
    assert suggestion.doubts == [
        Doubt("pi1", "another indicator fills the same cell; choose one, or a rule for both")
    ]


def test_the_order_of_the_answer_is_not_the_order_of_the_table() -> None:
    indicators = [old_style("pi2", "DEATHS"), old_style("pi1", "CASES", "MALE")]

    forwards = suggest_mapping(indicators, FORMS).rows
    backwards = suggest_mapping(reversed(indicators), FORMS).rows

    assert_frame_equal(forwards, backwards)
