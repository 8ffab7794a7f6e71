"""Put what tracker and paper say of the same cell side by side, and name how they agree."""

from typing import NamedTuple

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.key import KEY
from pipeline.cells.numbers import DECIMALS
from schemas.comparison import Discrepancies
from schemas.frames import trusted
from schemas.values import Values

AGREEING = ("same", "within_tolerance")
# Half a share of a decimal number is rarely exact: 0.1 * 3 is a little more than 0.3.
SLACK = 1e-9


class Tolerance(NamedTuple):
    """How far tracker may be from paper: in counts, or as a share of the manual number."""

    absolute: float = 0.0
    share: float = 0.0

    def in_words(self) -> str:
        """The tolerance as a page says it."""
        parts = [f"{self.absolute:g}"] if self.absolute else []
        parts += [f"{self.share * 100:g} % of the manual number"] if self.share else []
        return " or ".join(parts) if parts else "none: only equal numbers agree"


def compare(
    tracker: DataFrame[Values], manual: DataFrame[Values], tolerance: Tolerance
) -> DataFrame[Discrepancies]:
    """One row per cell that either side reported, with the class it is in.

    Both sides have the key and `value`, one row per key. A side that said nothing is null,
    never zero, and so is `difference` (tracker less manual) then. Sorted by the key.
    """
    cells = (
        tracker.select(*KEY, tracker_value="value")
        .join(
            manual.select(*KEY, manual_value="value"),
            on=list(KEY),
            how="full",
            coalesce=True,
            validate="1:1",
        )
        .sort(KEY)
        .with_columns(difference=pl.col("tracker_value") - pl.col("manual_value"))
        .with_columns(agreement=_agreement(tolerance))
        .with_columns(pl.col("difference").round(DECIMALS))
    )
    return trusted(cells, Discrepancies)


def _agreement(tolerance: Tolerance) -> pl.Expr:
    distance = pl.col("difference").abs()
    allowed = pl.max_horizontal(
        pl.lit(tolerance.absolute), pl.col("manual_value").abs() * tolerance.share
    )
    return (
        pl.when(pl.col("manual_value").is_null())
        .then(pl.lit("only_tracker"))
        .when(pl.col("tracker_value").is_null())
        .then(pl.lit("only_manual"))
        .when(pl.col("difference") == 0)
        .then(pl.lit("same"))
        .when(distance <= allowed + SLACK)
        .then(pl.lit("within_tolerance"))
        .when(pl.col("difference") > 0)
        .then(pl.lit("tracker_higher"))
        .otherwise(pl.lit("tracker_lower"))
    )
