"""The frames that become values: what servers answer, what is rejected, what a cell holds."""

import pandera.polars as pa
import polars as pl
from pandera.typing.polars import Series

from schemas.frames import Frame


class CellKeys(Frame):
    """One row per cell: the ids of its key."""

    data_element: Series[str]
    period: Series[str]
    org_unit: Series[str]
    category_option_combo: Series[str]
    attribute_option_combo: Series[str]


class Values(CellKeys):
    """One row per cell that tracker fills; the number is finite."""

    value: Series[float]


class Rejects(Frame):
    """One row per analytics row that became no value; `rule_id` and `reason` say why."""

    rule_id: Series[str]
    reason: Series[str]
    program_indicator: Series[str]
    category_options: Series[str]
    period: Series[str]
    org_unit: Series[str]
    value: Series[str]


class PackedValues(Frame):
    """One row per cell, by its number (cells/packing.py), sorted by it."""

    cell: Series[pl.UInt64] = pa.Field(unique=True)
    value: Series[float]


class PackedCells(Frame):
    """One row per cell, by its number."""

    cell: Series[pl.UInt64] = pa.Field(unique=True)


class CurrentValues(CellKeys):
    """One row per cell that the target holds, as the server wrote it; all text."""

    value: Series[str] = pa.Field(nullable=True)
    stored_by: Series[str] = pa.Field(nullable=True)
    last_updated: Series[str] = pa.Field(nullable=True)
    comment: Series[str] = pa.Field(nullable=True)


class AnalyticsRows(Frame):
    """One row per number of an analytics answer, as the server wrote it; all text, no nulls.

    Between org_unit and value stands one more column of text for each category that was asked.
    """

    program_indicator: Series[str]
    period: Series[str]
    org_unit: Series[str]
    value: Series[str]

    class Config:
        """Categories have columns of their own."""

        strict = False


class AcceptedRows(Frame):
    """One row per analytics row that found its cell.

    `row`: the numbers of its period, its count and its org unit of the source, packed as a cell is.
    """

    row: Series[pl.UInt64]
    cell: Series[pl.UInt64]
    value: Series[float]


class CurrentNumbers(PackedCells):
    """One row per cell that the target holds, sorted by its number.

    `number`: null where its text is none. `row`: where the texts of the cell stand, null where
    none is kept.
    """

    number: Series[float] = pa.Field(nullable=True)
    row: Series[pl.UInt32] = pa.Field(nullable=True)


class PackedCurrentValues(Frame):
    """One row per cell that the target holds, by its number; the texts as the server wrote them."""

    cell: Series[pl.UInt64] = pa.Field(unique=True)
    value: Series[str] = pa.Field(nullable=True)
    stored_by: Series[str] = pa.Field(nullable=True)
    last_updated: Series[str] = pa.Field(nullable=True)
    comment: Series[str] = pa.Field(nullable=True)
