"""A cell is packed into one number and comes out again as it was."""

import polars as pl
from polars.testing import assert_frame_equal

from pipeline.cells.dictionaries import Dictionaries, empty_dictionaries, extend
from pipeline.cells.key import KEY
from pipeline.cells.packing import pack, unpack, with_cell
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


def test_a_key_that_nobody_numbered_has_no_cell() -> None:
    cells = pack(KEYS, numbered(KEYS.head(1)))

    assert cells["cell"].is_null().to_list() == [False, True, True]


def test_a_key_may_have_its_cell_beside_it() -> None:
    known = numbered(KEYS.head(1))

    beside = with_cell(KEYS.with_columns(value=pl.lit(1.0)), known)

    assert beside.columns == [*KEY, "value", "cell"]
    assert_frame_equal(beside.select("cell"), pack(KEYS, known))
