"""A transfer has one type of period: the commonest among the forms that were pointed at."""

from typing import Any

import polars as pl
from polars.testing import assert_frame_equal

from pipeline.upkeep.rules.suggest.data_sets import choose_data_sets
from pipeline.upkeep.rules.suggest.mapping import SUGGESTED_COLUMNS, Doubt, Suggestion
from tests.support.frames import frame


def suggested(table: str, *doubts: Doubt) -> Suggestion:
    rows = frame(table)
    missing = [pl.lit("").alias(name) for name in SUGGESTED_COLUMNS if name not in rows.columns]
    return Suggestion(rows.with_columns(missing).select(SUGGESTED_COLUMNS), list(doubts))


def data_set(key: str, period_type: str, *elements: str) -> dict[str, Any]:
    parts = [{"dataElement": {"id": one}} for one in elements]
    return {"id": key, "periodType": period_type, "dataSetElements": parts}


ROWS = """
    program_indicator | data_element
    pi1               | cases
    pi2               | deaths
    pi3               | stock
"""


def test_the_data_sets_of_the_commonest_type_of_period_are_chosen() -> None:
    home = choose_data_sets(
        suggested(ROWS),
        [
            data_set("weekly", "Weekly", "stock"),
            data_set("deaths", "Monthly", "deaths"),
            data_set("cases", "Monthly", "cases", "something else"),
            data_set("other", "Monthly", "something else"),
        ],
    )

    assert home.period_type == "Monthly"
    assert home.data_sets == ["cases", "deaths"]
    assert home.rows["program_indicator"].to_list() == ["pi1", "pi2"]
    assert home.doubts == [Doubt("pi3", "no Monthly data set has its data element stock")]


def test_an_element_in_two_data_sets_stays_and_is_a_doubt() -> None:
    home = choose_data_sets(
        suggested(ROWS),
        [data_set("b", "Monthly", "cases", "deaths", "stock"), data_set("a", "Monthly", "cases")],
    )

    assert home.data_sets == ["a", "b"]
    assert_frame_equal(home.rows, suggested(ROWS).rows)
    assert home.doubts == [
        Doubt("pi1", "several data sets have its data element cases; name one in data_set")
    ]


def test_a_twin_for_another_type_of_period_is_no_second_home() -> None:
    home = choose_data_sets(
        suggested(ROWS),
        [
            data_set("monthly", "Monthly", "cases", "deaths", "stock"),
            data_set("weekly", "Weekly", "cases"),
        ],
    )

    assert home.data_sets == ["monthly"]
    assert home.doubts == []


def test_a_draw_is_decided_the_same_way_every_time() -> None:
    sets = [data_set("w", "Weekly", "cases"), data_set("m", "Monthly", "deaths")]

    forwards = choose_data_sets(suggested(ROWS), sets)
    backwards = choose_data_sets(suggested(ROWS), sets[::-1])

    assert forwards.period_type == backwards.period_type == "Monthly"
    assert forwards.doubts == backwards.doubts


def test_without_a_home_nothing_is_left_but_doubts() -> None:
    before = Doubt("pi0", "it names no data element")

    home = choose_data_sets(suggested(ROWS, before), [data_set("m", "Monthly", "other")])

    assert home.period_type == ""
    assert home.data_sets == []
    assert home.rows.is_empty()
    assert [doubt.program_indicator for doubt in home.doubts] == ["pi0", "pi1", "pi2", "pi3"]
    assert home.doubts[1].why == "no data set has its data element cases"
