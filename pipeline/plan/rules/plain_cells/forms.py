"""The form that a cell stands in: one data set, period, org unit and attribute option combo."""

import polars as pl

from pipeline.cells.bits import cell_number, form_cell_number, org_unit_number, period_number


def representatives(form_cells: pl.DataFrame) -> pl.DataFrame:
    """One form cell of each data set and attribute option combo, which stands for all of them.

    `form_cells`: id, data_set, attribute_option_combo, form_hold. Gives id, representative, for
    those that nothing holds.
    """
    free = form_cells.filter(pl.col("form_hold").is_null(), pl.col("data_set").is_not_null())
    return free.select(
        "id", representative=pl.col("id").min().over("data_set", "attribute_option_combo")
    )


def form_number(representing: pl.DataFrame) -> pl.Expr:
    """The number of the cell that stands for a cell's form, as `cell`.

    `representing`: as `representatives` gives it, with every form cell that occurs.
    """
    form_cell = form_cell_number(pl.col("cell")).replace_strict(
        representing["id"], representing["representative"], default=None
    )
    return cell_number(
        period_number(pl.col("cell")), form_cell, org_unit_number(pl.col("cell"))
    ).alias("cell")
