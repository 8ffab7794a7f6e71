"""A cell is packed into one number and comes out again as it was."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from pipeline.cells.bits import (
    FORM_CELL_NUMBERS,
    ORG_UNIT_NUMBERS,
    PERIOD_NUMBERS,
    cell_number,
    form_cell_number,
    org_unit_number,
    period_number,
)
from pipeline.cells.dictionaries import Dictionaries, empty_dictionaries, extend, form_cells_of
from pipeline.cells.key import FORM_CELL, KEY
from pipeline.cells.order import sort_by_key, sort_by_texts
from pipeline.cells.packing import pack, unpack
from pipeline.text.errors import UsageError
from tests.support.frames import frame

KEYS = frame("""
    data_element | period | org_unit | category_option_combo | attribute_option_combo
    cases        | 202401 | hill     | male                  | default
    cases        | 202402 | valley   | female                | default
    deaths       | 202401 | valley   | male                  | fixed
""")


def numbered(keys: pl.DataFrame = KEYS) -> Dictionaries:
    return extend(empty_dictionaries(), keys)


def test_a_key_comes_out_as_it_went_in_and_brings_its_columns_along() -> None:
    keys = KEYS.with_columns(value=pl.Series([1.0, None, 3.5]))

    cells = pack(keys, numbered())

    assert cells.columns == ["cell", "value"]
    assert cells["cell"].is_unique().all()
    assert_frame_equal(unpack(cells, numbered()), keys.select(*KEY, "value"))


def test_the_form_cells_that_occur_are_listed_once() -> None:
    cells = pack(pl.concat([KEYS.tail(1), KEYS.head(1), KEYS.tail(1)]), numbered())

    assert form_cells_of(cells, numbered()).rows() == [
        ("cases", "male", "default"),
        ("deaths", "male", "fixed"),
    ]


def test_a_number_once_given_never_changes() -> None:
    first = numbered(KEYS.head(1))
    more = frame("""
        data_element | period | org_unit | category_option_combo | attribute_option_combo
        births       | 202312 | bay      | female                | default
    """)

    second = extend(first, pl.concat([more, KEYS]))

    for before, after in zip(first, second, strict=True):
        assert_frame_equal(after.head(before.height), before)
        assert after["id"].to_list() == list(range(after.height))
    assert_frame_equal(unpack(pack(KEYS.head(1), first), second), KEYS.head(1).select(KEY))


def test_new_names_are_numbered_the_same_way_whatever_their_order() -> None:
    for forwards, backwards in zip(numbered(), numbered(KEYS.reverse()), strict=True):
        assert_frame_equal(forwards, backwards)


def test_what_is_not_named_gets_no_number() -> None:
    keys = KEYS.with_columns(org_unit=pl.Series(["hill", None, None]))

    only_periods = extend(empty_dictionaries(), KEYS.select("period"))

    assert numbered(keys).org_units["org_unit"].to_list() == ["hill"]
    assert only_periods.periods.height == 2
    assert only_periods.form_cells.is_empty()


def test_a_key_that_nobody_numbered_has_no_cell() -> None:
    cells = pack(KEYS, numbered(KEYS.head(1)))

    assert cells["cell"].is_null().to_list() == [False, True, True]


NUMBERS = st.tuples(
    st.integers(0, PERIOD_NUMBERS - 1),
    st.integers(0, FORM_CELL_NUMBERS - 1),
    st.integers(0, ORG_UNIT_NUMBERS - 1),
)


@given(st.lists(NUMBERS, min_size=1, max_size=20, unique=True))
def test_three_numbers_go_into_one_and_come_out_again(numbers: list[tuple[int, int, int]]) -> None:
    columns = ["period", "form_cell", "org_unit"]
    written = pl.DataFrame(numbers, schema=dict.fromkeys(columns, pl.UInt64), orient="row")

    cells = written.select(cell_number(*(pl.col(name) for name in columns)))

    cell = pl.col("cell")
    read = cells.select(
        period=period_number(cell), form_cell=form_cell_number(cell), org_unit=org_unit_number(cell)
    )
    assert_frame_equal(read, written)
    assert cells["cell"].is_unique().all()


def test_the_cells_of_a_period_lie_together() -> None:
    most = [PERIOD_NUMBERS - 1, FORM_CELL_NUMBERS - 1, ORG_UNIT_NUMBERS - 1]
    table = pl.DataFrame([[1, *most[1:]], [2, 0, 0], most], orient="row").cast(pl.UInt64)

    cells = table.select(cell_number(*(pl.col(name) for name in table.columns)))["cell"]

    assert cells.is_sorted()
    assert cells.to_list()[-1] == 2**64 - 1


def test_one_number_too_many_is_refused_before_cells_run_into_each_other() -> None:
    known = pl.DataFrame({"period": [f"{number}" for number in range(PERIOD_NUMBERS)]})
    full = extend(empty_dictionaries(), known)

    assert full.periods["id"].max() == PERIOD_NUMBERS - 1
    with pytest.raises(
        UsageError, match="65\u202f537 periods in its time, and can tell 65\u202f536 apart"
    ):
        extend(full, pl.DataFrame({"period": ["one more"]}))


def test_form_cells_are_counted_too() -> None:
    ids = pl.int_range(FORM_CELL_NUMBERS, eager=True, dtype=pl.UInt64)
    names = {name: ids.cast(pl.String) for name in FORM_CELL}
    full = empty_dictionaries()._replace(form_cells=pl.DataFrame({"id": ids, **names}))

    assert extend(full, KEYS.head(0)).form_cells.height == FORM_CELL_NUMBERS
    with pytest.raises(UsageError, match="form cells"):
        extend(full, KEYS)


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
