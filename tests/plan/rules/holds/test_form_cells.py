"""A form cell has its data set, or the reason why it may be written nowhere."""

import polars as pl

from pipeline.cells.key import FORM_CELL
from pipeline.plan.rules.holds.form_cells import place_form_cells
from tests.support.frames import frame

DATA_SETS = frame("""
    id       | category_combo | write
    monthly  | none           | true
    twin     | none           | -
    approved | none           | true
    foreign  | none           | false
    placed   | place          | true
""").select("id", "category_combo", can_write=pl.col("write") == "true")
ELEMENTS = frame("""
    data_set | data_element | category_combo
    monthly  | cases        | sex
    monthly  | shared       | none
    twin     | shared       | none
    approved | deaths       | sex
    foreign  | births       | sex
    placed   | doses        | sex
""")
COMBOS = frame("""
    id      | category_combo
    default | none
    boys    | sex
    girls   | sex
    fixed   | place
""")


def test_a_form_cell_has_its_place_or_the_reason_why_it_has_none() -> None:
    cells = frame("""
        data_element | category_option_combo | attribute_option_combo | data_set | place    | hold
        cases        | boys                  | default                |          | monthly  | -
        shared       | default               | default                | twin     | twin     | -
        shared       | default               | default                |          | monthly  | -
        doses        | girls                 | fixed                  |          | placed   | -
        strange      | boys                  | default                |          | -        | element_not_in_data_set
        cases        | boys                  | default                | twin     | twin     | element_not_in_data_set
        cases        | boys                  | default                | unread   | unread   | element_not_in_data_set
        cases        | default               | default                |          | monthly  | combo_not_in_element
        cases        | gone                  | default                |          | monthly  | combo_not_in_element
        cases        | boys                  | fixed                  |          | monthly  | attribute_combo_not_in_data_set
        doses        | girls                 | default                |          | placed   | attribute_combo_not_in_data_set
        births       | boys                  | default                |          | foreign  | no_write_access
        deaths       | boys                  | default                |          | approved | -
    """)  # noqa: E501  # a table is read in columns

    placed = place_form_cells(cells.select(*FORM_CELL, "data_set"), DATA_SETS, ELEMENTS, COMBOS)

    assert placed.columns == [*FORM_CELL, "data_set", "form_hold"]
    assert placed["data_set"].to_list() == cells["place"].to_list()
    assert placed["form_hold"].to_list() == cells["hold"].to_list()
