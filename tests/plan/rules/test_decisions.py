"""A decision about a cell goes before what the site register favours."""

from datetime import date

import polars as pl

from pipeline.cells.key import KEY
from pipeline.cells.period_days import period_days
from pipeline.plan.rules.decisions import unneeded, with_closed_sites, with_rulings
from schemas.frames import columns
from schemas.plan import Plan, PlanCells
from tests.support.frames import frame
from tests.support.whole_frames import whole

DAYS = period_days(["202610"])
CELLS = whole(
    frame("""
        data_element | period | org_unit | data_set
        cases        | 202610 | hill     | monthly
        cases        | 202610 | valley   | monthly
        cases        | 202610 | bay      | monthly
    """),
    PlanCells,
).drop("site_hold", "decision", "decided_in", "decided_by", "decided_why")
SITES = frame("""
    org_unit | data_element | data_set | reports | favour
    hill     |              |          | both    | manual
    valley   |              |          | both    | tracker
    bay      |              |          | manual  |
""").with_columns(
    line=pl.Series([2, 3, 4]),
    first_day=pl.lit(date(1900, 1, 1)),
    last_day=pl.lit(date(2199, 12, 31)),
)
DECISIONS = CELLS.head(1).select(
    *KEY, decision=pl.lit("tracker"), decided_by=pl.lit("Ms Phiri"), why=pl.lit("counted again")
)


def test_a_decision_goes_before_the_register_and_the_register_before_nobody() -> None:
    ruled = with_rulings(CELLS, DECISIONS, SITES, DAYS)

    assert ruled.columns == list(columns(PlanCells))
    told = ruled.select("org_unit", "site_hold", "decision", "decided_in", "decided_why").rows()
    assert told == [
        ("hill", None, "tracker", "decisions", "counted again"),
        ("valley", None, "tracker", "sites", "line 3"),
        ("bay", "manual_site", None, None, None),
    ]


def test_an_undoing_is_shut_by_the_register_and_favours_nobody() -> None:
    shut = with_closed_sites(CELLS, SITES, DAYS)

    assert shut.columns == list(columns(PlanCells))
    assert shut["site_hold"].to_list() == [None, None, "manual_site"]
    assert shut["decision"].null_count() == 3


def test_a_decision_is_needed_where_the_plan_used_it() -> None:
    used = whole(CELLS.head(1).with_columns(decided_in=pl.lit("decisions")), Plan)
    other = whole(CELLS.head(1).with_columns(decided_in=pl.lit("sites")), Plan)

    assert unneeded(DECISIONS, used) == 0
    assert unneeded(DECISIONS, other) == 1
