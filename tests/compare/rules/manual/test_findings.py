"""A finding says what stands in which line: each by itself, or many at once."""

import polars as pl
import pytest

from pipeline.compare.rules.manual.findings import (
    finding_of_all,
    finding_per_row,
    finding_per_text,
    with_sentences,
)
from pipeline.compare.rules.manual.reasons import (
    AMBIGUOUS_NUMBER,
    EMPTY,
    MANUAL_RULES,
    MANUAL_SENTENCES,
    OUTSIDE_PERIODS,
    UNMATCHED_ORG_UNIT,
    UNREADABLE_NUMBER,
)
from tests.support.frames import frame

ROWS = frame(
    """
    row | line | rule_id | written | place
    0   | 2    | M06     | abc     | Aba
    1   | 3    | M03     | 1       | Nowhere
    2   | 4    | M07     | 1,234   | Aba
    3   | 5    | M03     | 2       | Nowhere
    4   | 6    | M03     | 3       | Elsewhere
    5   | 7    | -       | 4       | Aba
    """,
    row=pl.UInt32,
    line=pl.Int64,
)


def test_each_row_that_breaks_a_rule_is_a_finding_of_its_own() -> None:
    found = finding_per_row(ROWS, UNREADABLE_NUMBER, AMBIGUOUS_NUMBER)

    assert found.rows() == [("M06", 2, "abc"), ("M07", 4, "1,234")]


def test_rows_of_the_same_text_are_one_finding_with_the_first_line_and_their_number() -> None:
    found = finding_per_text(ROWS, UNMATCHED_ORG_UNIT, "place")

    assert sorted(found.rows()) == [("M03", 3, "Nowhere (2 rows)"), ("M03", 6, "Elsewhere")]


@pytest.mark.parametrize(
    ("rows", "observed"),
    [(ROWS, "Nowhere and 1 other (3 rows)"), (ROWS.head(4), "Nowhere (2 rows)")],
)
def test_all_rows_that_break_a_rule_are_one_finding(rows: pl.DataFrame, observed: str) -> None:
    assert finding_of_all(rows, UNMATCHED_ORG_UNIT, "place").rows() == [("M03", 3, observed)]


def test_what_many_rows_break_is_told_once_with_an_example_and_how_many_there_are() -> None:
    many = pl.select(
        row=pl.int_range(0, 50, dtype=pl.UInt32),
        line=pl.int_range(2, 52),
        rule_id=pl.lit("M06"),
        written=pl.format("{} or so", pl.int_range(50)),
    )

    told = [("M06", 2, "0 or so and 49 others (50 rows)")]
    assert finding_per_row(many, UNREADABLE_NUMBER).rows() == told
    assert finding_per_text(many, UNREADABLE_NUMBER, "written").rows() == told


def test_a_rule_that_nobody_breaks_is_no_finding() -> None:
    assert finding_per_row(ROWS, EMPTY).is_empty()
    assert finding_per_text(ROWS, OUTSIDE_PERIODS, "place").is_empty()
    assert finding_of_all(ROWS, OUTSIDE_PERIODS, "place").is_empty()


def test_findings_come_in_the_order_of_their_lines_each_with_its_sentence_and_source() -> None:
    parts = [finding_per_text(ROWS, UNMATCHED_ORG_UNIT, "place"), finding_per_row(ROWS, EMPTY)]

    found = with_sentences([*parts, finding_per_row(ROWS, UNREADABLE_NUMBER)], "manual.csv")

    assert found["line"].to_list() == [2, 3, 6]
    assert found["sentence"].to_list() == [
        UNREADABLE_NUMBER.sentence,
        UNMATCHED_ORG_UNIT.sentence,
        UNMATCHED_ORG_UNIT.sentence,
    ]
    assert found["source"].unique().to_list() == ["manual.csv"]


def test_no_two_reasons_have_one_id() -> None:
    assert len(MANUAL_SENTENCES) == len(MANUAL_RULES)
