"""A frame crosses a threshold only with the columns, types and words that its model declares."""

import polars as pl
import pytest

from schemas.frames import checked, columns, empty
from schemas.load import Outcomes
from schemas.plan import Plan
from schemas.values import Values
from schemas.vocabulary import ACTIONS


def outcome(word: str) -> pl.DataFrame:
    return pl.DataFrame(
        [("de", "202601", "ou", "coc", "aoc", word, "why")], columns(Outcomes), orient="row"
    )


def test_a_frame_without_a_row_has_all_columns_of_its_model() -> None:
    assert tuple(empty(Plan).columns) == columns(Plan)
    assert checked(empty(Plan), Plan).is_empty()


def test_a_checked_frame_is_the_same_frame() -> None:
    frame = outcome("loaded")

    assert checked(frame, Outcomes) is frame


def test_a_word_that_is_none_of_the_model_is_refused() -> None:
    with pytest.raises(ValueError, match="Outcomes: row 0, outcome breaks isin"):
        checked(outcome("vanished"), Outcomes)


def test_another_column_or_type_is_refused() -> None:
    with pytest.raises(TypeError, match="Values"):
        checked(empty(Values).with_columns(more=pl.lit(1)), Values)
    with pytest.raises(TypeError, match="Values"):
        checked(empty(Values).cast({"value": pl.String}), Values)


def test_a_null_where_none_may_be_is_refused() -> None:
    with pytest.raises(ValueError, match="reason"):
        checked(outcome("loaded").with_columns(reason=pl.lit(None, pl.String)), Outcomes)


def test_the_actions_are_a_closed_list() -> None:
    assert len(ACTIONS) == len(set(ACTIONS)) == 11
