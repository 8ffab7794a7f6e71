"""Every cell of every form is one 64-bit number inside, and five texts at the edges."""

import polars as pl

from pipeline.cells.bits import cell_number, form_cell_number, org_unit_number, period_number
from pipeline.cells.dictionaries import Dictionaries
from pipeline.cells.key import FORM_CELL, KEY


def pack(keys: pl.DataFrame, dictionaries: Dictionaries) -> pl.DataFrame:
    """`cell` and the other columns of `keys`, without the five of the key; rows keep their order.

    A key that the dictionaries do not know gives a null cell; extend them first.
    """
    form_cells = dictionaries.form_cells
    place = pl.lit(0, pl.UInt64)
    for name in FORM_CELL:
        texts = form_cells[name].unique(maintain_order=True)
        place = place * pl.lit(max(texts.len(), 1), pl.UInt64) + _place_among(texts)
    known = form_cells.select("id", place=place)
    cell = cell_number(
        _place_among(dictionaries.periods["period"]),
        place.replace_strict(known["place"], known["id"], default=None),
        _place_among(dictionaries.org_units["org_unit"]),
    )
    return keys.select(cell, pl.exclude(*KEY))


def _place_among(texts: pl.Series) -> pl.Expr:
    """The place of each text of the column of that name, counted from 0; null for others.

    To look a text up in a closed list costs half of a join.
    """
    closed = pl.col(texts.name).cast(pl.Enum(texts), strict=False)
    return closed.to_physical().cast(pl.UInt64)


def with_cell(keys: pl.DataFrame, dictionaries: Dictionaries) -> pl.DataFrame:
    """`keys` with `cell`, which is null for a key that the dictionaries do not know."""
    return keys.with_columns(pack(keys.select(KEY), dictionaries)["cell"])


def unpack(cells: pl.DataFrame, dictionaries: Dictionaries) -> pl.DataFrame:
    """The five key columns and the others of `cells`, without `cell`; rows keep their order."""
    cell = pl.col("cell")
    return (
        cells.with_columns(
            _period=period_number(cell),
            _form_cell=form_cell_number(cell),
            _org_unit=org_unit_number(cell),
        )
        .join(
            dictionaries.periods.select(_period="id", period="period"),
            on="_period",
            how="left",
            validate="m:1",
            maintain_order="left",
        )
        .join(
            dictionaries.form_cells.rename({"id": "_form_cell"}),
            on="_form_cell",
            how="left",
            validate="m:1",
            maintain_order="left",
        )
        .join(
            dictionaries.org_units.select(_org_unit="id", org_unit="org_unit"),
            on="_org_unit",
            how="left",
            validate="m:1",
            maintain_order="left",
        )
        .select(*KEY, pl.exclude(*KEY, "cell", "_period", "_form_cell", "_org_unit"))
    )
