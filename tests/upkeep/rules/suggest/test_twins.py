"""A form on paper is known by the names of its elements; what is not sure is not suggested."""

import polars as pl

from pipeline.upkeep.rules.suggest.twins import Json, Twins, suggest_twins
from tests.support.frames import frame

MAPPING = frame("""
    data_element | attribute_option_combo
    t_cases      |
    t_tests      |
    t_doses      | fixed
    t_doses      | outreach
""")


def form(key: str, *elements: tuple[str, str, str], period_type: str = "Monthly") -> Json:
    """Give a data set whose elements are id, name and category combo."""
    parts = [
        {"dataElement": {"id": one, "name": name, "categoryCombo": {"id": combo}}}
        for one, name, combo in elements
    ]
    return {"id": key, "periodType": period_type, "dataSetElements": parts}


FED = form(
    "fed",
    ("t_cases", "Fever cases (tracker)", "by_sex"),
    ("t_tests", "Tests done - tracker", "by_sex"),
    ("t_doses", "Doses", "by_sex"),
    ("t_other", "Births", "default"),
)


def suggested(*forms: Json) -> Twins:
    return suggest_twins(MAPPING, [FED, *forms], ["fed"], "default")


def pairs(twins: Twins) -> list[tuple[str, str, str, str]]:
    columns = ("manual_data_element", "data_element")
    combos = ("category_option_combo", "attribute_option_combo")
    return twins.rows.select(*columns, *combos).rows()


def test_the_form_with_most_elements_of_the_same_names_is_the_twin() -> None:
    twins = suggested(
        form("few", ("p1", "fever cases", "by_sex")),
        form("most", ("p_cases", "Fever Cases (paper)", "by_sex"), ("p_tests", "Tests done", "x")),
        form("weekly", ("w1", "Fever cases", "by_sex"), period_type="Weekly"),
    )

    assert twins.data_set == "most"
    assert pairs(twins) == [("p_cases", "t_cases", "", "")]  # tests are split up in another way


def test_a_total_on_paper_takes_in_what_tracker_splits_up() -> None:
    twins = suggested(
        form("paper", ("p_tests", "Tests done", "default"), ("p_doses", "Doses", "by_sex"))
    )

    assert pairs(twins) == [
        ("p_doses", "t_doses", "", "total"),
        ("p_tests", "t_tests", "total", ""),
    ]


def test_a_mean_has_no_twin() -> None:
    mean = form("fed", ("t_cases", "Mean weight", "default"))
    mean["dataSetElements"][0]["dataElement"]["aggregationType"] = "AVERAGE"
    paper = form("paper", ("p_cases", "Mean weight", "default"))

    assert suggest_twins(MAPPING, [mean, paper], ["fed"], "default").data_set == ""


def test_what_is_called_alike_twice_or_not_at_all_has_no_twin() -> None:
    twins = suggested(
        form("paper", ("p1", "Doses", "by_sex"), ("p2", "Doses (manual)", "by_sex")),
        form("other", ("p3", "Births", "default")),
    )

    assert (twins.data_set, twins.rows.height) == ("", 0)
    assert suggest_twins(MAPPING.clear(), [], [], "default").rows.equals(
        pl.DataFrame(schema=twins.rows.schema)
    )
