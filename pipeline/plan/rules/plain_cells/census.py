"""Plain cells counted where guards and the summary of a plan look at them."""

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.bits import form_cell_number, org_unit_number, period_number
from pipeline.cells.dictionaries import Dictionaries
from schemas.frames import columns, trusted
from schemas.plan import KeptCells, KeptGroups, NewValues, PlainCounts


def kept_groups(
    kept: DataFrame[KeptCells],
    form_cells: pl.DataFrame,
    dictionaries: Dictionaries,
    settled: pl.Series,
) -> DataFrame[KeptGroups]:
    """What is kept in each data set, by data element and org unit, long-ended periods apart.

    `form_cells`: id, data_set, data_element, of every cell. `settled`: the ids of periods that
    ended long ago.
    """
    places = form_cells.select("data_set", "data_element").unique(maintain_order=True)
    places = places.with_row_index("place")
    numbered = form_cells.join(
        places, on=["data_set", "data_element"], how="left", validate="m:1"
    ).select("id", "place")
    old = dictionaries.periods.filter(pl.col("period").is_in(settled.implode()))["id"]
    cell = pl.col("cell")
    counted = (
        kept.select(
            "value",
            "is_ours",
            place=form_cell_number(cell).replace_strict(numbered["id"], numbered["place"]),
            id=org_unit_number(cell),
            is_settled=period_number(cell).is_in(old.implode()),
        )
        .group_by("place", "id", "is_settled")
        .agg(
            cells=pl.len().cast(pl.Int64),
            ours=pl.col("is_ours").sum().cast(pl.Int64),
            total=pl.col("value").filter("is_ours").sum(),
        )
    )
    named = counted.join(places, on="place", how="left", validate="m:1").join(
        dictionaries.org_units, on="id", how="left", validate="m:1"
    )
    return trusted(named.select(columns(KeptGroups)), KeptGroups)


def plain_counts(
    kept: DataFrame[KeptCells],
    new: DataFrame[NewValues],
    form_cells: pl.DataFrame,
    dictionaries: Dictionaries,
) -> DataFrame[PlainCounts]:
    """How many cells are kept and new in each data set and period; `form_cells` as above."""
    counted = [
        _by_form_cell_and_period(cells).with_columns(action=pl.lit(action))
        for action, cells in (("keep", kept), ("create", new))
    ]
    named = (
        pl.concat(counted)
        .join(form_cells.select(form_cell="id", data_set="data_set"), on="form_cell", how="left")
        .join(dictionaries.periods.select(number="id", period="period"), on="number", how="left")
        .group_by("action", "data_set", "period")
        .agg(cells=pl.col("cells").sum().cast(pl.Int64))
        .sort("action", "data_set", "period")
    )
    return trusted(named.select(columns(PlainCounts)), PlainCounts)


def _by_form_cell_and_period(cells: pl.DataFrame) -> pl.DataFrame:
    cell = pl.col("cell")
    return (
        cells.select(form_cell=form_cell_number(cell), number=period_number(cell))
        .group_by("form_cell", "number")
        .agg(cells=pl.len())
    )
