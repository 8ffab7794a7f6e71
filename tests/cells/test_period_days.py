"""Periods have their first and last day."""

from datetime import date

import polars as pl
import pytest

from pipeline.cells.period_days import period_days
from pipeline.text.errors import UsageError


def test_each_period_has_its_days_in_the_order_asked() -> None:
    assert period_days(["2024Q1", "202402"]).rows() == [
        ("2024Q1", date(2024, 1, 1), date(2024, 3, 31)),
        ("202402", date(2024, 2, 1), date(2024, 2, 29)),
    ]


def test_without_periods_the_columns_are_there() -> None:
    assert period_days([]).schema == {"period": pl.String, "start": pl.Date, "end": pl.Date}


def test_what_is_no_period_is_refused() -> None:
    with pytest.raises(UsageError, match="is not a period"):
        period_days(["202413"])
