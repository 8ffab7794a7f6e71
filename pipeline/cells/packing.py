"""Every cell of every form is one 64-bit number inside, and five texts at the edges."""

import hashlib

import polars as pl

from pipeline.cells.bits import cell_number, form_cell_number, org_unit_number, period_number
from pipeline.cells.dictionaries import Dictionaries
from pipeline.cells.key import FORM_CELL, KEY

_BYTES = 8  # of a cell, and of a number


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


def hash_of_cells(cells: pl.DataFrame) -> str:
    """The SHA-256 of cells and their numbers (cell, value), in the order in which they lie."""
    content = hashlib.sha256()
    for column in ("cell", "value"):
        array = cells[column].rechunk().to_arrow()
        start, size = array.offset * _BYTES, len(array) * _BYTES
        content.update(memoryview(array.buffers()[1] or b"")[start : start + size])
    return content.hexdigest()


def unpack(cells: pl.DataFrame, dictionaries: Dictionaries) -> pl.DataFrame:
    """The five key columns and the others of `cells`, without `cell`; rows keep their order."""
    return _named(cells, dictionaries, closed=False)


def unpack_closed(cells: pl.DataFrame, dictionaries: Dictionaries) -> pl.DataFrame:
    """The same with each part of the key as one of a closed list (`pl.Enum`).

    Parquet has such columns in half the time, and other tools read them as text.
    """
    return _named(cells, dictionaries, closed=True)


def _named(cells: pl.DataFrame, dictionaries: Dictionaries, *, closed: bool) -> pl.DataFrame:
    """Look the texts up by their places: numbers are given from 0 on, without a gap."""
    cell = pl.col("cell")
    form_cells = dictionaries.form_cells.sort("id")
    parts = {
        "data_element": (form_cells, form_cell_number(cell)),
        "period": (dictionaries.periods.sort("id"), period_number(cell)),
        "org_unit": (dictionaries.org_units.sort("id"), org_unit_number(cell)),
        "category_option_combo": (form_cells, form_cell_number(cell)),
        "attribute_option_combo": (form_cells, form_cell_number(cell)),
    }
    texts = {name: known[name] for name, (known, _) in parts.items()}
    if closed:
        texts = {
            name: known.cast(pl.Enum(known.unique(maintain_order=True)))
            for name, known in texts.items()
        }
    return cells.select(
        *(pl.lit(texts[name]).gather(at).alias(name) for name, (_, at) in parts.items()),
        pl.exclude(*KEY, "cell"),
    )
