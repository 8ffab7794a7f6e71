"""A row of a file is a number where there is no doubt; else it is told of."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.compare.rules.links import Links, link
from pipeline.compare.rules.manual.rows import ManualScope, ManualSide, judge_rows
from schemas.comparison import ManualRows
from schemas.frames import checked, empty
from tests.support.frames import frame

SHAPE = dict(empty(ManualRows).schema)
ASKED = ManualScope(
    period_type="Monthly",
    periods=["202609", "202610"],
    asked_org_units=["ou_a", "ou_b", "ou_c", "ou_d"],
    org_units=frame("""
        id   | code | name
        ou_a | A1   | Aba Clinic
        ou_b | B1   | Bori
        ou_c | C1   | Bori
        ou_d | -    | Dovri
        ou_x | X1   | Xanto
    """),
    value_types=frame("""
        data_element | value_type
        t_cases      | INTEGER_ZERO_OR_POSITIVE
        t_weight     | NUMBER
    """),
)
LINKS, _ = link(
    frame("""
        line | manual_data_element | manual_category_option_combo | manual_attribute_option_combo | data_element | category_option_combo | attribute_option_combo
        2    | Cases               |                              |                               | t_cases      |                       |
        3    | Weight              |                              |                               | t_weight     |                       |
        4    | Weight, others      |                              |                               | t_weight     |                       |
    """),  # noqa: E501  # a table is read in columns
    frame("""
        data_element | category_option_combo | attribute_option_combo
        t_cases      | male                  | default
        t_cases      | female                | default
        t_weight     | default               | default
    """),
    "default",
)


def judged(table: str, asked: ManualScope = ASKED, links: Links = LINKS) -> ManualSide:
    """Judge a table of element, combo, period, unit and number; its first row is line 2."""
    written = frame(table)
    rows = written.select(
        line=pl.int_range(2, pl.len() + 2),
        manual_data_element="element",
        manual_category_option_combo="combo",
        manual_attribute_option_combo=pl.lit("default"),
        written_period="period",
        written_unit="unit",
        written="number",
        number=pl.lit(None),
    )
    return judge_rows(checked(rows.cast(SHAPE), ManualRows), links, asked, "manual.csv")


def told(side: ManualSide) -> list[tuple[str, int, str]]:
    return side.findings.select("rule_id", "line", "observed").rows()


def numbers(side: ManualSide) -> list[tuple[str, str, str, float]]:
    """Give the numbers as period, org unit, combo and number."""
    columns = ("period", "org_unit", "category_option_combo", "value")
    return sorted(side.numbers.select(columns).rows())


def test_a_row_finds_its_cell_by_an_id_a_code_or_a_name_that_only_one_site_has() -> None:
    side = judged("""
        element | combo  | period     | unit       | number
        Cases   | male   | 202610     | ou_a       | 1
        Cases   | female | Oct 2026   | A1         | 2
        Cases   | male   | 2026-09    | aba clinic | 3
        Cases   | male   | 2026-10-01 | B1         | 1 234
        Weight  | default| 202610     | Dovri      | 12,5
    """)

    assert numbers(side) == [
        ("202609", "ou_a", "male", 3),
        ("202610", "ou_a", "female", 2),
        ("202610", "ou_a", "male", 1),
        ("202610", "ou_b", "male", 1234),
        ("202610", "ou_d", "default", 12.5),
    ]
    assert told(side) == []


def test_every_row_that_is_no_number_is_told_with_its_line() -> None:
    side = judged("""
        element | combo   | period   | unit  | number
        Cases   | male    | 202610   | ou_a  | n/a
        Cases   | female  | 202610   | ou_a  | 1,234
        Cases   | male    | 202609   | ou_a  | -3
        Cases   | male    | 202609   | Nowhere Clinic | 4
        Cases   | female  | 202609   | Nowhere Clinic | 4
        Cases   | male    | 202609   | Bori  | 4
        Cases   | male    | last month | ou_a | 4
        Births  | default | 202610   | ou_a  | 4
        Cases   | unknown | 202610   | ou_a  | 4
        Cases   | female  | 202609   | ou_a  |
        TOTAL   |         |          |       | 99
        Cases   | male    | 202610   | TOTAL | 99
    """)

    assert told(side) == [
        ("M06", 2, "n/a"),
        ("M07", 3, "1,234"),
        ("M10", 4, "-3"),
        ("M03", 5, "Nowhere Clinic (2 rows)"),
        ("M04", 7, "Bori: ou_b or ou_c"),
        ("M05", 8, "last month"),
        ("M02", 9, "Births"),
        ("M15", 10, "Cases / unknown / default"),
        ("M14", 11, "Aba Clinic (1 row)"),
        ("M01", 12, "99"),
        ("M01", 13, "99"),
    ]
    assert numbers(side) == []


def test_a_cell_of_which_something_unclear_is_written_is_not_called_silent() -> None:
    side = judged("""
        element        | combo   | period | unit | number
        Cases          | male    | 202610 | ou_a | n/a
        Weight         | default | 202610 | ou_a | 1,500
        Weight, others | default | 202610 | ou_a | 4
        Weight         | default | 202610 | ou_b | 4
    """)

    assert numbers(side) == [("202610", "ou_b", "default", 4)]
    assert side.doubtful.select("data_element", "org_unit").rows() == [
        ("t_cases", "ou_a"),
        ("t_weight", "ou_a"),
    ]


def test_a_doubled_row_counts_once_and_two_different_ones_count_never() -> None:
    side = judged("""
        element | combo  | period  | unit | number
        Cases   | male   | 202610  | ou_a | 5
        Cases   | male   | 2026-10 | A1   | 5
        Cases   | female | 202610  | ou_a | 5
        Cases   | female | 202610  | A1   | 6
        Cases   | male   | 202609  | ou_a | 7
        Cases   | male   | 202609  | ou_a |
    """)

    assert numbers(side) == [("202609", "ou_a", "male", 7), ("202610", "ou_a", "male", 5)]
    assert told(side) == [
        ("M09", 3, "5"),
        ("M08", 4, "5"),
        ("M08", 5, "6"),
        ("M14", 7, "Aba Clinic (1 row)"),
    ]


def test_what_the_run_did_not_ask_is_told_at_once() -> None:
    side = judged("""
        element | combo | period | unit  | number
        Cases   | male  | 202601 | ou_a  | 5
        Cases   | male  | 202602 | ou_a  | 5
        Cases   | male  | 202610 | X1    | 5
        Cases   | male  | 202601 | ou_x  | 5
    """)

    assert numbers(side) == []
    assert told(side) == [("M13", 2, "202601 and 1 other (2 rows)"), ("M12", 4, "Xanto (2 rows)")]


def test_a_number_that_is_one_already_is_not_read_again() -> None:
    rows = pl.DataFrame(
        [(1, "Weight", "default", "default", "202610", "ou_a", "1,234", 1.234)],
        schema=SHAPE,
        orient="row",
    )

    assert numbers(judge_rows(rows, LINKS, ASKED, "manual.parquet")) == [
        ("202610", "ou_a", "default", 1.234)
    ]


def test_ten_thousand_sites_are_read_as_one_is() -> None:
    sites = pl.select(pl.int_range(10_000)).to_series()
    units = pl.select(
        id=pl.format("ou{}", sites), code=pl.lit(None, pl.String), name=pl.format("Site {}", sites)
    )
    rows = units.select(
        line=pl.int_range(2, pl.len() + 2),
        manual_data_element=pl.lit("Weight"),
        manual_category_option_combo=pl.lit("default"),
        manual_attribute_option_combo=pl.lit("default"),
        written_period=pl.lit("Oct 2026"),
        written_unit="name",
        written=pl.format("{},5", sites),
        number=pl.lit(None),
    ).cast(SHAPE)
    asked = ASKED._replace(org_units=units, asked_org_units=units["id"].to_list())

    side = judge_rows(rows, LINKS, asked, "manual.csv")

    assert side.numbers["org_unit"].n_unique() == 10_000
    assert side.numbers["value"].sum() == sum(range(10_000)) + 5_000
    assert side.findings.is_empty()


def test_no_row_at_all_says_nothing() -> None:
    side = judge_rows(empty(ManualRows), LINKS, ASKED, "manual.csv")

    assert (side.numbers.height, side.doubtful.height, side.findings.height) == (0, 0, 0)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Cases", "Weight", "Births", "Total", ""]),
            st.sampled_from(["male", "female", "default", ""]),
            st.sampled_from(["202610", "Oct 2026", "202601", "soon", ""]),
            st.sampled_from(["ou_a", "A1", "Bori", "ou_x", "nowhere", "Total", ""]),
            st.sampled_from(["1", "2", "2.5", "-1", "1,234", "n/a", "", "1 234"]),
        ),
        max_size=12,
    )
)
def test_every_row_is_a_number_or_told_of(rows: list[tuple[str, ...]]) -> None:
    table = "\n".join(
        ["element | combo | period | unit | number", *(" | ".join(row) for row in rows)]
    )
    side = judged(table)
    rows_told = sum(
        int(observed.rpartition("(")[2].partition(" ")[0]) if "row" in observed else 1
        for observed in side.findings["observed"]
    )
    doubtful = set(side.doubtful.rows())

    assert side.numbers.height + rows_told <= len(rows)
    assert not doubtful & set(side.numbers.drop("value").rows())
    if not doubtful:
        assert side.numbers.height + rows_told == len(rows)


@pytest.mark.parametrize("word", ["Total", " TOTAL: ", "Grand total", "Totaux", "Ensemble"])
def test_a_row_of_totals_is_known_by_its_word(word: str) -> None:
    side = judged(f"""
        element | combo | period | unit   | number
        Cases   | male  | 202610 | {word} | 99
    """)

    assert told(side) == [("M01", 2, "99")]


NUMBERED = ASKED._replace(
    org_units=frame("""
        id   | code         | name
        ou_a | 0012         | Aba Clinic
        ou_b | 12           | Bori
        ou_c | 0034         | N'Dali
        ou_d | 123456789012 | Dovri
    """)
)


def test_a_code_that_may_be_two_sites_is_told_with_both_and_neither_is_called_silent() -> None:
    side = judged(
        """
        element | combo | period | unit | number
        Cases   | male  | 202610 | 12   | 5
        Cases   | male  | 202610 | 0012 | 6
        Cases   | male  | 202609 | 0012 | 7
        """,
        NUMBERED,
    )

    assert numbers(side) == [("202609", "ou_a", "male", 7)]
    assert told(side) == [("M04", 2, "12: 0012 (ou_a) or 12 (ou_b)")]
    assert side.doubtful.select("period", "org_unit").rows() == [
        ("202610", "ou_a"),
        ("202610", "ou_b"),
    ]


def test_a_changed_code_of_one_site_only_is_read_and_a_rounded_one_is_not() -> None:
    side = judged(
        """
        element | combo | period | unit        | number
        Cases   | male  | 202610 | 34          | 5
        Cases   | male  | 202610 | 1.23457E+11 | 6
        Cases   | male  | 202609 | N\u2019Dali | 7
        """,
        NUMBERED,
    )

    assert numbers(side) == [("202609", "ou_c", "male", 7), ("202610", "ou_c", "male", 5)]
    assert told(side) == [
        ("M18", 2, "34: 0034 (ou_c)"),
        ("M17", 3, "1.23457E+11: 123456789012 (ou_d)"),
    ]
    assert side.doubtful["org_unit"].to_list() == ["ou_d"]


def test_an_element_is_known_however_its_letters_and_blanks_are_written() -> None:
    side = judged("""
        element                 | combo   | period | unit | number
        CASES                   | male    | 202610 | ou_a | 1
        Weight,\u00a0 others    | default | 202610 | ou_a | 2.5
        \u200bWeight            | default | 202609 | ou_a | 3.5
    """)

    assert [number for *_, number in numbers(side)] == [3.5, 2.5, 1]
    assert told(side) == []


def test_an_element_that_may_be_two_is_told_with_both() -> None:
    links, _ = link(
        frame("""
            line | manual_data_element | manual_category_option_combo | manual_attribute_option_combo | data_element | category_option_combo | attribute_option_combo
            2    | 007                 |                              |                               | t_cases      | total                 |
            3    | 7                   |                              |                               | t_weight     |                       |
        """),  # noqa: E501  # a table is read in columns
        frame("""
            data_element | category_option_combo | attribute_option_combo
            t_cases      | male                  | default
            t_weight     | default               | default
        """),
        "default",
    )

    side = judged(
        """
        element | combo   | period | unit | number
        7       | default | 202610 | ou_a | 1
        007     | default | 202609 | ou_a | 2
        """,
        links=links,
    )

    assert [(period, number) for period, *_, number in numbers(side)] == [("202609", 2)]
    assert told(side) == [("M19", 2, "7: 007 or 7")]
    assert sorted(side.doubtful["data_element"]) == ["t_cases", "t_weight"]
