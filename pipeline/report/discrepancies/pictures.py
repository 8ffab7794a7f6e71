"""What every picture needs: words at a place, and the periods along its foot."""

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Label:
    """Words at a place of a picture, in its points."""

    x: float
    y: float
    text: str


def newest_periods(cells: pl.DataFrame, most: int) -> tuple[pl.DataFrame, int]:
    """The newest periods as place, period, period_start, and how many older ones there are."""
    calendar = (
        cells.select("period", "period_start")
        .unique()
        .sort("period_start", "period", nulls_last=True)
    )
    return calendar.tail(most).with_row_index("place"), max(calendar.height - most, 0)
