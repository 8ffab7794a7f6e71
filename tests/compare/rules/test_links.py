"""A mapping table says which numbers meet; it complains where one would count twice."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from pipeline.cells.key import FORM_CELL, KEY
from pipeline.compare.rules.links import MANUAL_COLUMNS, Links, link, of_manual, of_tracker, summed
from tests.support.frames import frame

FILLED = frame("""
    data_element | category_option_combo | attribute_option_combo
    t_cases      | m_young               | default
    t_cases      | m_old                 | default
    t_cases      | f_young               | default
    t_doses      | male                  | fixed
    t_doses      | male                  | outreach
    t_doses      | female                | fixed
    t_tests      | default               | default
""")
TRACKER = frame(
    """
    data_element | period | org_unit | category_option_combo | attribute_option_combo | value
    t_cases      | 202610 | ou_a     | m_young               | default                | 1
    t_cases      | 202610 | ou_a     | m_old                 | default                | 2
    t_cases      | 202610 | ou_a     | f_young               | default                | 4
    t_doses      | 202610 | ou_a     | male                  | fixed                  | 10
    t_doses      | 202610 | ou_a     | male                  | outreach               | 20
    t_doses      | 202610 | ou_a     | female                | fixed                  | 40
    t_tests      | 202610 | ou_a     | default               | default                | 100
    """,
    value=pl.Float64,
)


def table(text: str) -> pl.DataFrame:
    """Read a mapping table; the columns that it lacks are empty."""
    written = frame(text)
    return written.with_row_index("line", offset=2).select(
        "line",
        *(
            pl.col(name) if name in written.columns else pl.lit("").alias(name)
            for name in MANUAL_COLUMNS
        ),
    )


def linked(text: str) -> Links:
    links, complaints = link(table(text), FILLED, "default")
    assert complaints == []
    return links


def tracker_of(text: str) -> dict[tuple[str, str, str], float]:
    """Give what tracker says for each compared cell: element, combo, attribute combo."""
    told = of_tracker(TRACKER, linked(text).tracker)
    return {(row[0], row[3], row[4]): row[5] for row in told.rows()}


def manual_of(text: str, numbers: str) -> dict[tuple[str, str, str], float]:
    """Give what paper says for each compared cell."""
    parts = frame(numbers, value=pl.Float64).with_columns(
        period=pl.lit("202610"), org_unit=pl.lit("ou_a")
    )
    return {
        (row[0], row[3], row[4]): row[5] for row in summed(of_manual(parts, linked(text))).rows()
    }


SHADOW = """
    manual_data_element | data_element
    p_cases             | t_cases
    p_tests             | t_tests
"""
ON_PAPER = """
    manual_data_element | manual_category_option_combo | manual_attribute_option_combo | value
    p_cases             | m_young                      | default                       | 1
    p_cases             | f_young                      | default                       | 5
    p_cases             | default                      | default                       | 9
    p_tests             | default                      | default                       | 7
    p_others            | default                      | default                       | 8
"""


def test_one_row_joins_all_combos_of_a_shadow_element() -> None:
    assert tracker_of(SHADOW) == {
        ("t_cases", "m_young", "default"): 1,
        ("t_cases", "m_old", "default"): 2,
        ("t_cases", "f_young", "default"): 4,
        ("t_tests", "default", "default"): 100,
    }
    assert manual_of(SHADOW, ON_PAPER) == {
        ("t_cases", "m_young", "default"): 1,
        ("t_cases", "f_young", "default"): 5,
        ("t_tests", "default", "default"): 7,
    }


def test_tracker_is_added_up_where_paper_has_only_a_total() -> None:
    text = """
        manual_data_element | data_element | category_option_combo
        p_cases             | t_cases      | total
    """

    assert tracker_of(text) == {("t_cases", "default", "default"): 7}
    assert manual_of(text, ON_PAPER) == {("t_cases", "default", "default"): 9}


def test_each_axis_has_its_own_grain() -> None:
    text = """
        manual_data_element | data_element | attribute_option_combo
        p_doses             | t_doses      | total
    """

    assert tracker_of(text) == {
        ("t_doses", "male", "default"): 30,
        ("t_doses", "female", "fixed"): 40,
    }


def test_paper_by_sex_takes_in_trackers_ages() -> None:
    text = """
        manual_data_element | manual_category_option_combo | data_element | category_option_combo
        p_cases             | male                         | t_cases      | m_young
        p_cases             | male                         | t_cases      | m_old
        p_cases             | female                       | t_cases      | f_young
    """

    assert tracker_of(text) == {
        ("t_cases", "male", "default"): 3,
        ("t_cases", "f_young", "default"): 4,
    }


def test_several_manual_elements_and_all_their_combos_may_be_added_up() -> None:
    text = """
        manual_data_element | manual_category_option_combo | data_element
        p_cases             | total                        | t_tests
        p_tests             |                              | t_tests
        p_others            |                              | t_tests
    """

    assert tracker_of(text) == {("t_tests", "default", "default"): 100}
    assert manual_of(text, ON_PAPER) == {("t_tests", "default", "default"): 30}


def test_an_element_of_its_own_may_be_compared_with_one_combo() -> None:
    text = """
        manual_data_element | data_element | category_option_combo
        p_boys              | t_cases      | m_young
    """
    numbers = """
        manual_data_element | manual_category_option_combo | manual_attribute_option_combo | value
        p_boys              | default                      | default                       | 3
    """

    assert tracker_of(text) == {("t_cases", "m_young", "default"): 1}
    assert manual_of(text, numbers) == {("t_cases", "m_young", "default"): 3}


def test_a_table_without_rows_compares_nothing() -> None:
    empty, complaints = link(table(SHADOW).clear(), FILLED, "default")

    assert complaints == []
    assert of_tracker(TRACKER, empty.tracker).is_empty()
    assert_frame_equal(of_tracker(TRACKER, empty.tracker), TRACKER.clear())


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        (
            """
            manual_data_element | data_element
            p_cases             | t_nothing
            """,
            2,
            "no row of data_elements fills t_nothing",
        ),
        (
            """
            manual_data_element | data_element | category_option_combo
            p_cases             | t_cases      | f_old
            """,
            2,
            "tracker does not fill this option combo of t_cases",
        ),
        (
            """
            manual_data_element | data_element
            p_cases             | t_cases
            p_cases             | t_cases
            """,
            3,
            "the same is said in line 2; keep one of the two",
        ),
        (
            """
            manual_data_element | data_element | category_option_combo
            p_cases             | t_cases      | total
            p_cases             | t_tests      |
            """,
            3,
            "this manual number is compared with another data element in line 2; choose one",
        ),
        (
            """
            manual_data_element | manual_category_option_combo | data_element | category_option_combo
            p_cases             | m_young                      | t_cases      | m_young
            p_cases             | total                        | t_cases      | m_old
            """,  # noqa: E501  # a table is read in columns
            3,
            "line 2 already takes in this manual number; it would count twice",
        ),
        (
            """
            manual_data_element | data_element | category_option_combo
            p_cases             | t_cases      | total
            p_boys              | t_cases      | m_young
            """,
            3,
            "line 2 compares the same number of tracker with another combo; choose one",
        ),
    ],
)
def test_a_row_that_misleads_is_complained_about(text: str, line: int, sentence: str) -> None:
    _, complaints = link(table(text), FILLED, "default")

    assert (line, sentence) in complaints


ELEMENTS = ("p_cases", "p_doses", "p_tests")
COMBOS = ("", "total", "default", "male", "female", "m_young", "m_old", "f_young")
ATTRIBUTES = ("", "total", "default", "fixed", "outreach")
ROW = st.tuples(
    st.sampled_from(ELEMENTS),
    st.sampled_from(COMBOS),
    st.sampled_from(ATTRIBUTES),
    st.sampled_from(("t_cases", "t_doses", "t_tests", "t_nothing")),
    st.sampled_from(COMBOS),
    st.sampled_from(ATTRIBUTES),
)
EVERY_PART = pl.DataFrame(
    [
        (element, combo, attribute)
        for element in ELEMENTS
        for combo in COMBOS[2:]
        for attribute in ATTRIBUTES[2:]
    ],
    schema=MANUAL_COLUMNS[:3],
    orient="row",
).with_columns(period=pl.lit("202610"), org_unit=pl.lit("ou_a"))


@given(st.lists(ROW, min_size=1, max_size=4))
def test_no_number_counts_twice_in_a_table_without_complaints(rows: list[tuple[str, ...]]) -> None:
    written = pl.DataFrame(rows, schema=MANUAL_COLUMNS, orient="row").with_row_index("line")
    links, complaints = link(written, FILLED, "default")
    if complaints:
        return
    parts = EVERY_PART.with_columns(value=pl.Series([2.0**at for at in range(EVERY_PART.height)]))
    placed = of_manual(parts, links)
    tracker = of_tracker(TRACKER, links.tracker)

    assert placed["value"].n_unique() == placed.height
    assert summed(placed)["value"].sum() == placed["value"].sum()
    linked_cells = TRACKER.join(links.tracker, on=list(FORM_CELL), how="semi")
    assert tracker["value"].sum() == linked_cells["value"].sum()
    assert set(placed.select(KEY).rows()) <= set(tracker.select(KEY).rows())
