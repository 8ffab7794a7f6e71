"""Write every compared cell as one line of a CSV that spreadsheets and programs both read."""

import polars as pl

from pipeline.cells.numbers import canonical_text
from pipeline.compare.rules.overview import Overview
from pipeline.text.escaping import spreadsheet_text, with_texts

DISCREPANCY_COLUMNS = (
    *("data_element", "data_element_name", "period", "period_start"),
    *("org_unit", "org_unit_name", "district"),
    *("category_option_combo", "category_option_combo_name"),
    *("attribute_option_combo", "attribute_option_combo_name"),
    *("tracker_value", "manual_value", "difference", "agreement"),
)


def discrepancies_as_csv(overview: Overview) -> str:
    """The cells as CSV, the farthest apart first; a side that said nothing is an empty field."""
    harmless = with_texts(overview.cells.select(DISCREPANCY_COLUMNS), spreadsheet_text)
    numbers = [name for name, kind in harmless.schema.items() if kind == pl.Float64]
    return harmless.with_columns(canonical_text(pl.col(name)) for name in numbers).write_csv()
