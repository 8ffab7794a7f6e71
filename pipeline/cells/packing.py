"""Every cell of every form is one 64-bit number inside, and five texts at the edges."""

from typing import NamedTuple

import polars as pl

from pipeline.cells.key import FORM_CELL, KEY
from pipeline.text.errors import UsageError
from pipeline.text.wording import number

# 16 bits of period, 20 of form cell, 28 of org unit: a month of a country lies together.
MOST_PERIODS, MOST_FORM_CELLS, MOST_ORG_UNITS = 2**16, 2**20, 2**28

PERIOD_SHIFT = MOST_FORM_CELLS * MOST_ORG_UNITS

FORM_CELL_SHIFT = MOST_ORG_UNITS

FORM_CELL_MASK = MOST_FORM_CELLS - 1

ORG_UNIT_MASK = MOST_ORG_UNITS - 1


class Dictionaries(NamedTuple):
    """The numbers of periods, form cells and org units; once given, a number never changes.

    `periods`: id, period. `form_cells`: id, data_element, category_option_combo,
    attribute_option_combo. `org_units`: id, org_unit. Ids are UInt64, counted from 0.
    """

    periods: pl.DataFrame
    form_cells: pl.DataFrame
    org_units: pl.DataFrame


def empty_dictionaries() -> Dictionaries:
    """Give the dictionaries of a transfer that never ran."""
    return Dictionaries(
        pl.DataFrame(schema={"id": pl.UInt64, "period": pl.String}),
        pl.DataFrame(schema={"id": pl.UInt64} | dict.fromkeys(FORM_CELL, pl.String)),
        pl.DataFrame(schema={"id": pl.UInt64, "org_unit": pl.String}),
    )


def extend(dictionaries: Dictionaries, keys: pl.DataFrame) -> Dictionaries:
    """Give a number to whatever `keys` (any of the five key columns) names for the first time.

    Raises `UsageError` when a cell has no room for so many numbers.
    """
    return Dictionaries(
        _within(MOST_PERIODS, "periods", _extended(dictionaries.periods, keys, ["period"])),
        _within(
            MOST_FORM_CELLS, "form cells", _extended(dictionaries.form_cells, keys, list(FORM_CELL))
        ),
        _within(MOST_ORG_UNITS, "org units", _extended(dictionaries.org_units, keys, ["org_unit"])),
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
    if not set(columns) <= set(keys.columns):
        return known
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


def cell_of(period: pl.Expr, form_cell: pl.Expr, org_unit: pl.Expr) -> pl.Expr:
    """Pack the three numbers (UInt64) into one cell."""
    packed = (
        period * pl.lit(PERIOD_SHIFT, pl.UInt64)
        + form_cell * pl.lit(FORM_CELL_SHIFT, pl.UInt64)
        + org_unit
    )
    return packed.alias("cell")


def period_number(cell: pl.Expr) -> pl.Expr:
    """Give the period's number in a cell."""
    return cell // pl.lit(PERIOD_SHIFT, pl.UInt64)


def form_cell_number(cell: pl.Expr) -> pl.Expr:
    """Give the form cell's number in a cell."""
    return (cell // pl.lit(FORM_CELL_SHIFT, pl.UInt64)) & pl.lit(FORM_CELL_MASK, pl.UInt64)


def org_unit_number(cell: pl.Expr) -> pl.Expr:
    """Give the org unit's number in a cell."""
    return cell & pl.lit(ORG_UNIT_MASK, pl.UInt64)


def form_cells_of(cells: pl.DataFrame, dictionaries: Dictionaries) -> pl.DataFrame:
    """List the form cells that occur in cells: the columns of FORM_CELL, each once, sorted."""
    occurring = cells.select(id=form_cell_number(pl.col("cell"))).unique()
    known = dictionaries.form_cells.join(occurring, on="id", how="semi", maintain_order="left")
    return known.select(FORM_CELL).sort(FORM_CELL)


def packed(keys: pl.DataFrame, dictionaries: Dictionaries) -> pl.DataFrame:
    """Put `cell` in the place of the five key columns, in the same order of rows.

    A key that the dictionaries do not know gives a null cell; extend them first.
    """
    form_cells = dictionaries.form_cells
    place = pl.lit(0, pl.UInt64)
    for name in FORM_CELL:
        texts = form_cells[name].unique(maintain_order=True)
        place = place * pl.lit(max(texts.len(), 1), pl.UInt64) + _place_among(texts)
    known = form_cells.select("id", place=place)
    cell = cell_of(
        _place_among(dictionaries.periods["period"]),
        place.replace_strict(known["place"], known["id"], default=None),
        _place_among(dictionaries.org_units["org_unit"]),
    )
    return keys.select(cell, pl.exclude(*KEY))


def _place_among(texts: pl.Series) -> pl.Expr:
    """Give the place of each text of the column of that name, counted from 0; null for others.

    To look a text up in a closed list costs half of a join.
    """
    closed = pl.col(texts.name).cast(pl.Enum(texts), strict=False)
    return closed.to_physical().cast(pl.UInt64)


def numbered(keys: pl.DataFrame, dictionaries: Dictionaries) -> pl.DataFrame:
    """Add `cell` to the five key columns; null for a key that the dictionaries do not know."""
    return keys.with_columns(packed(keys.select(KEY), dictionaries)["cell"])


def unpacked(cells: pl.DataFrame, dictionaries: Dictionaries) -> pl.DataFrame:
    """Put the five key columns in the place of `cell`, in the same order of rows."""
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
