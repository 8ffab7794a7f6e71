"""A form is told by one of its cells, so that what shuts it is looked at once."""

import polars as pl

from pipeline.cells.bits import FORM_CELL_SHIFT, PERIOD_SHIFT
from pipeline.plan.rules.plain_cells.forms import form_number, representatives
from tests.support.frames import frame

FORMS = frame("""
    id | data_set | attribute_option_combo | form_hold
    0  | monthly  | default                | -
    1  | monthly  | default                | -
    2  | monthly  | project                | -
    3  | yearly   | default                | -
    4  | monthly  | default                | no_write_access
    5  | -        | default                | -
""").with_columns(pl.col("id").cast(pl.UInt64))


def test_each_data_set_and_attribute_combo_has_one_form_cell_that_stands_for_it() -> None:
    assert representatives(FORMS).rows() == [(0, 0), (1, 0), (2, 2), (3, 3)]


def test_cells_of_one_form_have_one_number_and_those_of_others_another() -> None:
    places = [(0, 0, 7), (0, 1, 7), (0, 2, 7), (1, 1, 7), (0, 1, 8)]
    cells = pl.DataFrame(
        {"cell": [p * PERIOD_SHIFT + f * FORM_CELL_SHIFT + ou for p, f, ou in places]},
        schema={"cell": pl.UInt64},
    )

    numbers = cells.select(form_number(representatives(FORMS))).to_series().to_list()

    assert numbers[0] == numbers[1]
    assert len({*numbers}) == 4
