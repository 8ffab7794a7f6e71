"""The nearest row of the site register speaks; a listed site is silent where none does."""

from datetime import date

import polars as pl

from pipeline.plan.rules.site_register import with_sites
from pipeline.verify.rules.sites import site_findings
from tests.support.frames import frame

PERIODS = pl.DataFrame(
    {
        "period": ["202608", "202609", "202610"],
        "start": [date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)],
    }
)
CELLS = frame("""
    data_element | period | org_unit | data_set | hold               | favour
    cases        | 202608 | hill     | monthly  | manual_site        | -
    cases        | 202609 | hill     | monthly  | site_gap           | -
    cases        | 202610 | hill     | monthly  | -                  | -
    births       | 202608 | hill     | monthly  | -                  | tracker
    births       | 202610 | hill     | monthly  | -                  | -
    deaths       | 202610 | hill     | weekly   | manual_site        | -
    cases        | 202610 | valley   | monthly  | site_contradiction | -
    cases        | 202609 | valley   | monthly  | manual_site        | -
    cases        | 202610 | bay      | monthly  | -                  | -
    cases        | 202610 | cape     | -        | -                  | manual
""")


def register(table: str) -> pl.DataFrame:
    written = frame(table).with_row_index("line", offset=2)
    return written.with_columns(
        pl.col("first_day", "last_day").str.to_date(), data_set=pl.col("set"), favour="side"
    ).drop("set", "side")


REGISTER = register("""
    org_unit | data_element | set    | reports | side    | first_day  | last_day
    hill     |              |        | manual  |         | 1900-01-01 | 2026-08-31
    hill     |              |        | tracker |         | 2026-10-01 | 2199-12-31
    hill     | births       |        | both    | tracker | 2026-08-01 | 2026-08-31
    hill     |              | weekly | manual  |         | 1900-01-01 | 2199-12-31
    valley   |              |        | manual  |         | 2026-09-01 | 2199-12-31
    valley   |              |        | tracker |         | 2026-10-01 | 2199-12-31
    cape     |              |        | both    | manual  | 1900-01-01 | 2199-12-31
    cape     |              |        | both    | manual  | 2026-01-01 | 2199-12-31
""")


def test_each_cell_hears_what_the_register_says_of_it() -> None:
    asked = CELLS.select("data_element", "period", "org_unit", "data_set").with_columns(
        category_option_combo=pl.lit("boys"), attribute_option_combo=pl.lit("default")
    )

    told = with_sites(asked, REGISTER, PERIODS)

    expected = CELLS.select(site_hold="hold", favour="favour")
    assert told.select("site_hold", "favour").rows() == expected.rows()
    assert told["site_line"].to_list()[-1] == 8


def test_an_empty_register_says_nothing() -> None:
    asked = CELLS.select("data_element", "period", "org_unit", "data_set").with_columns(
        category_option_combo=pl.lit("boys"), attribute_option_combo=pl.lit("default")
    )

    told = with_sites(asked, REGISTER.clear(), PERIODS)

    assert told.select("site_hold", "favour").null_count().row(0) == (10, 10)


def test_overlaps_gaps_and_strangers_are_found_before_a_run() -> None:
    org_units = frame("id | name\n hill | Hill\n bay | Bay Clinic\n - | Nowhere")
    known = ["hill", "valley", "bay", "births", "weekly"]

    found = {one.finding_id: one for one in site_findings(REGISTER, org_units, PERIODS, known)}

    assert {name: one.severity for name, one in found.items()} == {
        "sites-unknown": "error",
        "sites-contradict": "error",
        "sites-overlap": "note",
        "sites-gap": "warning",
        "sites-not-listed": "note",
    }
    assert found["sites-unknown"].where == "cape (line 9)"
    assert found["sites-contradict"].where == "lines 6 and 7"
    assert found["sites-overlap"].where == "lines 8 and 9"
    assert found["sites-gap"].where == "Hill (hill) 202609, valley 202608"
    assert found["sites-not-listed"].where == "Bay Clinic (bay)"


def test_a_register_that_nobody_keeps_is_no_finding() -> None:
    org_units = frame("id | name\n hill | Hill")

    assert list(site_findings(REGISTER.clear(), org_units, PERIODS, [])) == []
