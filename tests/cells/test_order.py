"""Cells are put in the order of their keys, as their texts would be."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from pipeline.cells.dictionaries import empty_dictionaries, extend
from pipeline.cells.key import KEY
from pipeline.cells.order import sort_by_key, sort_by_texts
from pipeline.cells.packing import pack


@given(st.lists(st.tuples(*[st.text("aBé\U0001f600 ", max_size=3)] * 5), unique=True))
def test_keys_are_put_in_order_as_texts_are(keys: list[tuple[str, ...]]) -> None:
    cells = pl.DataFrame(keys, schema=dict.fromkeys(KEY, pl.String), orient="row")

    assert_frame_equal(sort_by_texts(cells, KEY), cells.sort(KEY))
    dictionaries = extend(empty_dictionaries(), cells)
    with_numbers = cells.hstack(pack(cells, dictionaries))
    by_number = sort_by_key(with_numbers, dictionaries)
    assert_frame_equal(by_number.drop("cell"), cells.sort(KEY))


def test_keys_of_too_many_texts_for_one_number_are_put_in_order_too() -> None:
    texts = pl.select(pl.int_range(8000).reverse().cast(pl.String)).to_series()
    cells = pl.DataFrame(dict.fromkeys(KEY, texts))

    assert_frame_equal(sort_by_texts(cells, KEY), cells.sort(KEY))
