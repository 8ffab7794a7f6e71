"""A report that looks copied, or written under another year, is told and counts all the same."""

import polars as pl
import pytest

from pipeline.compare.rules.manual.copies import copied_reports, other_years
from tests.support.frames import frame

NAMES = {"a": "Aba", "b": "Bori", "c": "Cori", "d": "Dovri"}


def with_rows(table: pl.DataFrame) -> pl.DataFrame:
    """Give each row its place, its line and its site's name."""
    return table.with_columns(
        row=pl.int_range(pl.len(), dtype=pl.UInt32),
        line=pl.int_range(2, pl.len() + 2),
        unit_in_words=pl.col("org_unit").replace(NAMES),
    )


def copied(table: str) -> list[tuple[str, int, str]]:
    judged = with_rows(
        frame(table)
        .unpivot(
            ["cases", "tests", "deaths", "births"],
            index=["org_unit", "period"],
            variable_name="manual_combo",
            value_name="number",
        )
        .with_columns(pl.col("number").cast(pl.Float64))
    ).with_columns(rule_id=pl.when(pl.col("number").is_null()).then(pl.lit("M14")))
    return copied_reports(judged).select("rule_id", "written").rows()


def test_a_month_that_was_copied_is_told_and_so_is_a_site_that_was_typed_twice() -> None:
    found = copied("""
        org_unit | period | cases | tests | deaths | births
        a        | 202609 | 5     | 9     | 0      | 2
        a        | 202610 | 5     | 9     | 0      | 2
        b        | 202609 | 7     | 9     | 1      | 2
        b        | 202610 | 8     | 11    | 1      | 3
        c        | 202610 | 8     | 11    | 1      | 3
    """)

    assert sorted(found) == [("M21", "Aba: 202609, 202610"), ("M22", "202610: Bori, Cori")]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("5 | 9 | 0 | -", "5 | 9 | 0 | -"),
        ("1 | 1 | 1 | 1", "1 | 1 | 1 | 1"),
        ("5 | 9 | 3 | 2", "5 | 9 | 3 | 1"),
        ("5 | 9 | 3 | 2", "5 | 9 | 3 | -"),
        ("0 | 0 | 0 | 0", "0 | 0 | 0 | 0"),
    ],
)
def test_few_or_equal_numbers_may_be_the_same_by_chance(first: str, second: str) -> None:
    table = f"""
        org_unit | period | cases | tests | deaths | births
        a        | 202609 | {first}
        a        | 202610 | {second}
    """

    assert copied(table) == []


def other(*reports: str) -> list[tuple[int, str]]:
    pairs = [report.split() for report in reports]
    read = with_rows(pl.DataFrame(pairs, schema=["org_unit", "period"], orient="row"))
    return other_years(read).select("line", "written").rows()


def test_a_month_of_last_year_that_only_one_site_has_is_told() -> None:
    assert other("a 202610", "b 202610", "c 202510", "d 202610") == [
        (4, "Cori: 202510, and nothing for 202610")
    ]


def test_a_month_that_stands_outside_a_sites_own_reports_is_told() -> None:
    assert other("a 202608", "a 202609", "a 202510") == [(4, "Aba: 202510, and nothing for 202610")]


@pytest.mark.parametrize(
    "reports",
    [
        ("a 202610", "b 202610", "c 202609"),
        ("a 202610", "b 202610", "c 202510", "c 202610"),
        ("a 202510", "b 202610"),
        ("a 202510", "a 202511", "a 202512", "a 202601"),
        ("a 2026W53", "b 2026W53", "c 2025W1"),
        ("a 2026", "a 2025", "b 2026"),
    ],
)
def test_reports_that_are_late_or_early_are_not_told(reports: tuple[str, ...]) -> None:
    assert other(*reports) == []


def test_what_names_no_site_or_period_is_not_looked_at() -> None:
    read = with_rows(
        pl.DataFrame([("a", None), (None, "202610")], schema=["org_unit", "period"], orient="row")
    )

    assert other_years(read).is_empty()
