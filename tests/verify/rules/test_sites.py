"""A site register is searched for what is unknown, doubled, contradictory or missing."""

from datetime import date

import polars as pl

from pipeline.verify.rules.sites import site_findings
from tests.support.frames import frame

PERIODS = pl.DataFrame(
    {"period": ["202609", "202610"], "start": [date(2026, 9, 1), date(2026, 10, 1)]}
)
ORG_UNITS = frame("""
    id    | name
    hill  | Hill Clinic
    bay   | Bay Clinic
    -     | Nowhere
""")
KNOWN = ["hill", "bay", "de_a", "ds_m"]


def found(table: str) -> dict[str, tuple[str, str]]:
    """What is found of a register: id → severity and what is named. A dash is a day without end."""
    written = frame(table).with_row_index("line", offset=2)
    register = written.with_columns(
        first_day=pl.col("from").fill_null("1900-01-01").str.to_date(),
        last_day=pl.col("to").fill_null("2199-12-31").str.to_date(),
        data_element="element",
        data_set=pl.lit(""),
        favour=pl.lit(""),
    )
    findings = site_findings(register, ORG_UNITS, PERIODS, KNOWN)
    return {one.finding_id: (one.severity, one.where) for one in findings}


def test_no_register_is_no_finding() -> None:
    assert found("org_unit | element | reports | from | to") == {}


def test_sites_that_are_not_listed_are_named_and_one_that_goes_nowhere_is_not() -> None:
    assert found("""
        org_unit | element | reports | from | to
        hill     |         | manual  | -    | -
    """) == {"sites-not-listed": ("note", "Bay Clinic (bay)")}


def test_ids_that_the_target_does_not_know_are_errors_with_their_line() -> None:
    register = found("""
        org_unit | element | reports | from | to
        hill     | de_x    | manual  | -    | -
        hill     |         | tracker | -    | -
        bay      |         | manual  | -    | -
    """)

    assert register == {"sites-unknown": ("error", "de_x (line 2)")}


def test_rows_that_overlap_and_differ_are_errors_and_those_that_agree_are_notes() -> None:
    register = found("""
        org_unit | element | reports | from       | to
        hill     |         | manual  | -          | 2026-09-30
        hill     |         | tracker | 2026-09-30 | -
        bay      |         | manual  | -          | 2026-09-30
        bay      |         | manual  | 2026-09-01 | -
    """)

    assert register == {
        "sites-contradict": ("error", "lines 2 and 3"),
        "sites-overlap": ("note", "lines 4 and 5"),
    }


def test_rows_that_follow_each_other_neither_overlap_nor_leave_a_gap() -> None:
    assert (
        found("""
        org_unit | element | reports | from       | to
        hill     |         | manual  | -          | 2026-09-30
        hill     |         | tracker | 2026-10-01 | -
        bay      |         | manual  | -          | -
    """)
        == {}
    )


def test_a_period_of_which_no_row_speaks_is_a_gap() -> None:
    assert found("""
        org_unit | element | reports | from       | to
        hill     |         | tracker | 2026-10-01 | -
        bay      |         | manual  | -          | -
    """) == {"sites-gap": ("warning", "Hill Clinic (hill) 202609")}
