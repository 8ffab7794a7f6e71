"""Periods, form cells and org units have numbers; once given, a number never changes."""

import hashlib
from typing import NamedTuple

import polars as pl

from pipeline.cells.bits import (
    FORM_CELL_NUMBERS,
    ORG_UNIT_NUMBERS,
    PERIOD_NUMBERS,
    form_cell_number,
)
from pipeline.cells.key import FORM_CELL
from pipeline.text.errors import UsageError
from pipeline.text.wording import number


class Dictionaries(NamedTuple):
    """The numbers of periods, form cells and org units; once given, a number never changes.

    `periods`: id, period. `form_cells`: id, data_element, category_option_combo,
    attribute_option_combo. `org_units`: id, org_unit. Ids are UInt64, counted from 0.
    """

    periods: pl.DataFrame
    form_cells: pl.DataFrame
    org_units: pl.DataFrame


def empty_dictionaries() -> Dictionaries:
    """The dictionaries of a transfer that never ran."""
    return Dictionaries(
        pl.DataFrame(schema={"id": pl.UInt64, "period": pl.String}),
        pl.DataFrame(schema={"id": pl.UInt64} | dict.fromkeys(FORM_CELL, pl.String)),
        pl.DataFrame(schema={"id": pl.UInt64, "org_unit": pl.String}),
    )


def extend(dictionaries: Dictionaries, keys: pl.DataFrame) -> Dictionaries:
    """The same dictionaries, with a number for whatever `keys` names for the first time.

    `keys` has the columns of KEY, text; a part that is null names nothing, and any row may leave
    out parts. Raises `UsageError` when a cell has no room for so many numbers.
    """
    return Dictionaries(
        _within(PERIOD_NUMBERS, "periods", _extended(dictionaries.periods, keys, ["period"])),
        _within(
            FORM_CELL_NUMBERS,
            "form cells",
            _extended(dictionaries.form_cells, keys, list(FORM_CELL)),
        ),
        _within(
            ORG_UNIT_NUMBERS, "org units", _extended(dictionaries.org_units, keys, ["org_unit"])
        ),
    )


def _within(most: int, what: str, numbered: pl.DataFrame) -> pl.DataFrame:
    """Refuse numbers that would run into another cell's."""
    if numbered.height > most:
        raise UsageError(
            f"this transfer has named {number(numbered.height)} {what} in its time, "
            f"and can tell {number(most)} apart",
            remedy="begin a new transfer for a part of them",
        )
    return numbered


def _extended(known: pl.DataFrame, keys: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    fresh = (
        keys.select(columns)
        .drop_nulls()
        .unique()
        .join(known, on=columns, how="anti")
        .sort(columns)
        .with_row_index("id", offset=known.height)
        .with_columns(pl.col("id").cast(pl.UInt64))
    )
    return pl.concat([known.select("id", *columns), fresh.select("id", *columns)])


def numbers_fingerprint(dictionaries: Dictionaries, as_of: str = "") -> str:
    """How many numbers are given, and a hash of what they mean.

    `as_of`: an earlier fingerprint; then of the numbers that were given by then. It is the same
    as long as those mean what they meant.
    """
    heights = [part.height for part in dictionaries]
    if as_of:
        heights = [int(height) for height in as_of.split(":")[:-1]]
    content = hashlib.sha256()
    for part, height in zip(dictionaries, heights, strict=True):
        content.update(part.sort("id").head(height).write_csv().encode())
    return ":".join([*map(str, heights), content.hexdigest()])


def form_cells_of(cells: pl.DataFrame, dictionaries: Dictionaries) -> pl.DataFrame:
    """The form cells that occur in cells: the columns of FORM_CELL, each once, sorted."""
    occurring = cells.select(id=form_cell_number(pl.col("cell"))).unique()
    known = dictionaries.form_cells.join(occurring, on="id", how="semi", maintain_order="left")
    return known.select(FORM_CELL).sort(FORM_CELL)
