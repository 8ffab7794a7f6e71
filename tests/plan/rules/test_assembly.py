"""Tracker, target and ledger stand side by side, one row a cell, with what is known of each."""

from datetime import date

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from pipeline.cells.bits import PERIOD_SHIFT
from pipeline.cells.dictionaries import empty_dictionaries, extend
from pipeline.cells.key import KEY
from pipeline.plan.rules.assembly import (
    in_scope,
    in_window,
    side_by_side,
    silent_cells,
    with_holds,
    with_openings,
)
from schemas.plan import PlanCells
from tests.support.frames import frame, some_keys
from tests.support.whole_frames import whole

CURRENT = {
    "cell": pl.UInt64,
    "value": pl.String,
    "stored_by": pl.String,
    "last_updated": pl.String,
    "comment": pl.String,
}


def numbers(**cells: float) -> pl.DataFrame:
    """Give cells (c1=5.0) as a frame of cell and value."""
    rows = [(int(name[1:]), value) for name, value in cells.items()]
    return pl.DataFrame(rows, schema={"cell": pl.UInt64, "value": pl.Float64}, orient="row")


def standing(*rows: tuple[int | None, str, str]) -> pl.DataFrame:
    """Give cells of the target: cell, value, who stored it."""
    whole = [(cell, value, who, "2026-11-01", None) for cell, value, who in rows]
    return pl.DataFrame(whole, schema=CURRENT, orient="row")


def test_each_cell_that_anybody_knows_has_one_row() -> None:
    together = side_by_side(
        numbers(c4=4.0, c1=1.0),
        standing((2, "two", "clerk"), (1, "1", "tally")),
        numbers(c3=3.0, c1=1.5),
    )

    expected = frame("""
        cell | tracker_value | stored_by | current_value | ledger_value
        1    | 1.0           | tally     | 1             | 1.5
        2    | -             | clerk     | two           | -
        3    | -             | -         | -             | 3.0
        4    | 4.0           | -         | -             | -
    """)
    told = together.select(expected.columns).with_columns(
        pl.col("cell", "tracker_value", "ledger_value").cast(pl.String)
    )
    assert_frame_equal(told, expected)


CELLS = st.sets(st.integers(1, 12))


@given(CELLS, CELLS, CELLS)
def test_no_cell_is_lost_or_doubled(tracker: set[int], target: set[int], ours: set[int]) -> None:
    together = side_by_side(
        numbers(**{f"c{cell}": 1.0 for cell in tracker}),
        standing(*((cell, "1", "clerk") for cell in target)),
        numbers(**{f"c{cell}": 1.0 for cell in ours}),
    )

    assert together["cell"].to_list() == sorted(tracker | target | ours)
    for column, known in (
        ("tracker_value", tracker),
        ("current_value", target),
        ("ledger_value", ours),
    ):
        assert set(together.filter(pl.col(column).is_not_null())["cell"]) == known


def test_a_ledger_cell_outside_the_window_sleeps() -> None:
    periods = some_keys(period=["202401", "202402", "202403"])
    dictionaries = extend(empty_dictionaries(), periods)
    ledger = numbers(**{f"c{number * PERIOD_SHIFT + 7}": float(number) for number in range(3)})

    assert in_window(ledger, dictionaries, ["202403", "202401", "209901"])["value"].to_list() == [
        0,
        2,
    ]
    assert in_window(ledger, dictionaries, []).is_empty()


FORM_CELLS = frame(
    """
    data_element | category_option_combo | attribute_option_combo | mapped | form_unknown
    cases        | boys                  | default                | true   | false
    broken       | boys                  | default                | true   | true
    retired      | boys                  | default                | false  | false
    """
).with_columns(
    pl.col("mapped", "form_unknown") == "true",
    data_set=pl.lit("monthly"),
    form_hold=pl.lit(None, pl.String),
    zero_is_significant=pl.lit(value=False),
)


def keyed(table: str) -> pl.DataFrame:
    """Read cells of one month and one option combo: data_element, org_unit, ledger_value."""
    return frame(table, ledger_value=pl.Float64()).select(
        "data_element",
        pl.lit("202401").alias("period"),
        "org_unit",
        pl.lit("boys").alias("category_option_combo"),
        pl.lit("default").alias("attribute_option_combo"),
        "ledger_value",
    )


def test_the_image_is_what_was_asked_and_of_the_rest_only_what_is_ours_stays() -> None:
    cells = keyed("""
        data_element | org_unit | ledger_value
        cases        | hill     | -
        cases        | valley   | 3
        cases        | bay      | -
        broken       | hill     | -
        retired      | hill     | 2
        retired      | valley   | -
        stranger     | hill     | 1
        stranger     | valley   | -
    """)

    scoped = in_scope(cells, FORM_CELLS, ["hill"])

    told = scoped.select("data_element", "org_unit", "in_image", "form_unknown").rows()
    assert told == [
        ("cases", "hill", True, False),
        ("cases", "valley", False, False),
        ("broken", "hill", True, True),
        ("retired", "hill", False, False),
        ("stranger", "hill", False, False),
    ]
    assert scoped["zero_is_significant"].to_list() == [False] * 4 + [True]  # unknown: kept


def test_every_cell_gets_its_first_reason_and_whether_it_could_be_read() -> None:
    cells = pl.DataFrame(
        {
            "org_unit": ["hill", "valley", "abroad", "hill", "hidden", "hill"],
            "data_set": ["monthly", "monthly", "monthly", None, "monthly", "monthly"],
            "period": ["202401"] * 5 + ["202402"],
            "form_hold": [None, None, None, "element_not_in_data_set", None, None],
        },
        schema_overrides={"form_hold": pl.String},
    )
    assignments = frame("""
        data_set | org_unit
        monthly  | hill
        monthly  | abroad
        monthly  | hidden
        monthly  | hill
    """)
    org_units = pl.DataFrame(
        {
            "org_unit": ["hill", "valley", "abroad"],
            "path_hold": [None, None, "outside_capture"],
            "path_known": True,
            "opening_date": None,
            "closed_date": None,
        },
        schema_overrides={"opening_date": pl.Date, "closed_date": pl.Date},
    )
    periods = pl.DataFrame(
        {
            "period": ["202401", "202402"],
            "start": [date(2024, 1, 1), date(2024, 2, 1)],
            "end": [date(2024, 1, 31), date(2024, 2, 29)],
        }
    )
    holds = frame("""
        data_set | period | period_hold | unlocked_hold
        monthly  | 202401 | -           | -
        monthly  | 202402 | expired     | -
    """)
    opened = cells.with_columns(lock_exception=pl.lit(value=False), option_hold=None)

    held = with_holds(opened, assignments, org_units, periods, holds)

    assert held["hold_reason"].to_list() == [
        None,
        "not_assigned",
        "outside_capture",
        "element_not_in_data_set",
        None,
        "expired",
    ]
    assert held["unread"].to_list() == [False, False, True, True, True, False]
    assert held.height == cells.height


def test_forms_are_opened_by_exceptions_and_shut_by_options() -> None:
    cells = frame("""
        data_set | period | org_unit | attribute_option_combo
        monthly  | 202401 | hill     | default
        monthly  | 202401 | valley   | default
        monthly  | 202401 | hill     | project
        monthly  | 202402 | valley   | project
        monthly  | 202402 | hill     | project
    """)
    exceptions = frame("""
        data_set | period | org_unit
        monthly  | 202401 | hill
        monthly  | 202401 | hill
        weekly   | 202402 | hill
    """)
    dates = frame("""
        data_set | attribute_option_combo | period | date_hold
        monthly  | project                | 202401 | option_out_of_date
        weekly   | project                | 202402 | option_out_of_date
    """)
    places = frame("""
        attribute_option_combo | org_unit | place_hold
        project                | valley   | option_not_here
    """)

    opened = with_openings(cells, exceptions, dates, places)

    assert opened.select("lock_exception", "option_hold").rows() == [
        (True, None),
        (False, None),
        (True, "option_out_of_date"),
        (False, "option_not_here"),
        (False, None),
    ]


def test_silence_decides_only_about_what_is_ours_and_was_asked() -> None:
    known = pl.DataFrame(
        [
            ("ours, silent", None, 1.0, True, False),
            ("ours, counted", 2.0, 1.0, True, False),
            ("not ours", None, None, True, False),
            ("not asked", None, 1.0, False, False),
            ("not known", None, 1.0, True, True),
        ],
        schema={
            "data_element": pl.String,
            "tracker_value": pl.Float64,
            "ledger_value": pl.Float64,
            "in_image": pl.Boolean,
            "unknown": pl.Boolean,
        },
        orient="row",
    )

    silent = silent_cells(whole(known, PlanCells))

    assert silent.columns == list(KEY)
    assert silent["data_element"].to_list() == ["ours, silent"]
