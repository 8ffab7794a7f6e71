"""Which bits of a cell's number are its period, its form cell and its org unit."""

import polars as pl

# 16 bits of period, 20 of form cell, 28 of org unit: a month of a country lies together.
PERIOD_NUMBERS, FORM_CELL_NUMBERS, ORG_UNIT_NUMBERS = 2**16, 2**20, 2**28

PERIOD_SHIFT = FORM_CELL_NUMBERS * ORG_UNIT_NUMBERS
FORM_CELL_SHIFT = ORG_UNIT_NUMBERS
FORM_CELL_MASK = FORM_CELL_NUMBERS - 1
ORG_UNIT_MASK = ORG_UNIT_NUMBERS - 1


def cell_number(period: pl.Expr, form_cell: pl.Expr, org_unit: pl.Expr) -> pl.Expr:
    """The number `cell` of which these three (UInt64) are the parts."""
    cell = (
        period * pl.lit(PERIOD_SHIFT, pl.UInt64)
        + form_cell * pl.lit(FORM_CELL_SHIFT, pl.UInt64)
        + org_unit
    )
    return cell.alias("cell")


def period_number(cell: pl.Expr) -> pl.Expr:
    """The period's number in a cell."""
    return cell // pl.lit(PERIOD_SHIFT, pl.UInt64)


def form_cell_number(cell: pl.Expr) -> pl.Expr:
    """The form cell's number in a cell."""
    return (cell // pl.lit(FORM_CELL_SHIFT, pl.UInt64)) & pl.lit(FORM_CELL_MASK, pl.UInt64)


def org_unit_number(cell: pl.Expr) -> pl.Expr:
    """The org unit's number in a cell."""
    return cell & pl.lit(ORG_UNIT_MASK, pl.UInt64)
