"""What tracker changed after the period closed, and what of it still waits."""

import polars as pl

from pipeline.cells.key import KEY
from pipeline.plan.rules.policy import WRITING
from pipeline.plan.rules.reasons import LATE

NUMBERS = ("tracker_value", "current_value", "wanted_action", "reason_id")


def is_late() -> pl.Expr:
    """Whether a cell of a plan is held because its period is closed."""
    return (pl.col("action") == "hold") & pl.col("reason_id").is_in(list(LATE))


def late_cells(plan: pl.DataFrame) -> pl.DataFrame:
    """The late corrections of a plan: the key and NUMBERS."""
    return plan.filter(is_late()).select(*KEY, *NUMBERS)


def waiting_cells(plan: pl.DataFrame) -> pl.DataFrame:
    """The cells of a plan that wait for something else, or for their load: the key.

    A late correction of before is no more resolved by that than by silence.
    """
    waits = (pl.col("action") == "hold") | pl.col("action").is_in(WRITING)
    return plan.filter(waits & ~is_late()).select(KEY)
