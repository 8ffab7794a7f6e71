"""The frames of metadata a run works with, as they are kept beside it."""

import polars as pl

Shape = dict[str, pl.DataType | type[pl.DataType]]

DATA_ELEMENTS: Shape = {
    "id": pl.String,
    "code": pl.String,
    "name": pl.String,
    "value_type": pl.String,
    "aggregation_type": pl.String,
    "zero_is_significant": pl.Boolean,
    "category_combo": pl.String,
    "option_set": pl.String,
}
DATA_SETS: Shape = {
    "id": pl.String,
    "code": pl.String,
    "name": pl.String,
    "period_type": pl.String,
    "expiry_days": pl.Float64,
    "open_future_periods": pl.Int64,
    "category_combo": pl.String,
    "workflow": pl.String,
    "can_write": pl.Boolean,
}
DATA_SET_ELEMENTS: Shape = {
    "data_set": pl.String,
    "data_element": pl.String,
    "category_combo": pl.String,
}
DATA_SET_ORG_UNITS: Shape = {"data_set": pl.String, "org_unit": pl.String}
INPUT_PERIODS: Shape = {
    "data_set": pl.String,
    "period": pl.String,
    "opening_date": pl.Datetime,
    "closing_date": pl.Datetime,
}
CATEGORY_OPTION_COMBOS: Shape = {
    "id": pl.String,
    "code": pl.String,
    "name": pl.String,
    "category_combo": pl.String,
    "category_options": pl.List(pl.String),
}
ORG_UNITS: Shape = {
    "id": pl.String,
    "code": pl.String,
    "name": pl.String,
    "path": pl.String,
    "level": pl.Int64,
    "opening_date": pl.Date,
    "closed_date": pl.Date,
}
PROGRAM_INDICATORS: Shape = {
    "id": pl.String,
    "code": pl.String,
    "name": pl.String,
    "categories": pl.List(pl.String),
    "options": pl.Int64,
}
