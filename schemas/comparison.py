"""The frames of a comparison: manual rows, findings, and both sides of a cell."""

import pandera.polars as pa
import polars as pl
from pandera.typing.polars import Series

from schemas.frames import Frame
from schemas.values import CellKeys
from schemas.vocabulary import AGREEMENTS


class ManualRows(Frame):
    """One row per line of a file of manual numbers, or per value of a data set; texts as written.

    `number` is null where `written` has still to be read, `line` where there is no file.
    """

    line: Series[pl.Int64] = pa.Field(nullable=True)
    manual_data_element: Series[str]
    manual_category_option_combo: Series[str]
    manual_attribute_option_combo: Series[str]
    written_period: Series[str]
    written_unit: Series[str]
    written: Series[str] = pa.Field(nullable=True)
    number: Series[float] = pa.Field(nullable=True)


class ManualFindings(Frame):
    """One row per thing that could not be compared; `observed` is what stood there, in `line`."""

    rule_id: Series[str]
    sentence: Series[str]
    source: Series[str]
    line: Series[pl.Int64] = pa.Field(nullable=True)
    observed: Series[str] = pa.Field(nullable=True)


class TrackerLinks(Frame):
    """One row per form cell that tracker fills: the combos of the cell that it is compared in.

    `unknown`: an indicator behind it could not be asked.
    """

    data_element: Series[str]
    category_option_combo: Series[str]
    attribute_option_combo: Series[str]
    compared_category_option_combo: Series[str]
    compared_attribute_option_combo: Series[str]
    unknown: Series[bool]


class Discrepancies(CellKeys):
    """One row per cell that either side reported; a side that said nothing is null, never zero."""

    tracker_value: Series[float] = pa.Field(nullable=True)
    manual_value: Series[float] = pa.Field(nullable=True)
    difference: Series[float] = pa.Field(nullable=True)
    agreement: Series[str] = pa.Field(isin=AGREEMENTS)
