"""Three numbers are parts of one, which sorts by period, then form cell, then org unit."""

import polars as pl
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
