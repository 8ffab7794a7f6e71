"""Cells whose number cannot be known, because one of their counts could not be asked."""

from collections.abc import Iterable

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.bits import form_cell_number
from pipeline.transform.rules.lookups import Lookups
from schemas.frames import trusted
from schemas.values import AcceptedRows, PackedCells


def unknown_form_cells(lookups: Lookups, indicators: Iterable[str]) -> pl.DataFrame:
    """The form cells (form_cell) that any of these indicators fills, which could not be asked."""
    return (
        lookups.sources.filter(pl.col("program_indicator").is_in(list(indicators)))
        .select("form_cell")
        .drop_nulls()
        .unique()
    )


def known_form_cells(lookups: Lookups, unknown: pl.DataFrame) -> pl.DataFrame:
    """The other form cells of the mapping (form_cell), sorted: all their counts were answered."""
    filled = lookups.sources.select("form_cell").drop_nulls().unique()
    return filled.join(unknown, on="form_cell", how="anti").sort("form_cell")


def with_unknown_cells(
    doubtful: DataFrame[PackedCells], accepted: DataFrame[AcceptedRows], unknown: pl.DataFrame
) -> DataFrame[PackedCells]:
    """The doubtful cells, and those accepted rows fill in part: `unknown` has their form_cell."""
    in_part = accepted.select("cell", form_cell=form_cell_number(pl.col("cell"))).join(
        unknown, on="form_cell", how="semi"
    )
    return trusted(pl.concat([doubtful, in_part.select("cell")]).unique(), PackedCells)
