"""What is known of some cells stands beside all of them."""

import polars as pl
from polars.testing import assert_frame_equal

from pipeline.cells.joining import with_columns_of
from tests.support.frames import frame

CELLS = frame("""
    period | org_unit | value
    202401 | hill     | 3
    202401 | valley   | 5
    202402 | hill     | 8
""")
KNOWN = frame("""
    org_unit | why
    hill     | closed
""")


def test_what_is_known_is_added_and_the_rest_is_null() -> None:
    expected = CELLS.with_columns(why=pl.Series(["closed", None, "closed"]))

    assert_frame_equal(with_columns_of(CELLS, KNOWN, ["org_unit"]), expected)


def test_nothing_known_gives_the_same_columns_full_of_nulls() -> None:
    expected = CELLS.with_columns(why=pl.lit(None, pl.String))

    assert_frame_equal(with_columns_of(CELLS, KNOWN.clear(), ["org_unit"]), expected)
    assert_frame_equal(
        with_columns_of(CELLS.clear(), KNOWN.clear(), ["org_unit"]), expected.clear()
    )
