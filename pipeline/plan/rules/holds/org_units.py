"""For which org units the account may write, and when they are open."""

from collections.abc import Sequence

import polars as pl

from pipeline.cells.hierarchy import is_at_or_below
from pipeline.plan.rules import reasons


def judge_org_units(org_units: pl.DataFrame, capture_roots: Sequence[str]) -> pl.DataFrame:
    """Which org units the account may write for: org_unit, path_hold, and the open dates.

    Adds path_known, so that an org unit the target does not show is told from one that is open.

    `org_units`: id, path, opening_date, closed_date. No roots: the account has no capture unit.
    """
    return org_units.select(
        org_unit="id",
        path_hold=pl.when(~is_at_or_below(capture_roots)).then(pl.lit(reasons.OUTSIDE_CAPTURE)),
        path_known=pl.lit(value=True),
        opening_date="opening_date",
        closed_date="closed_date",
    )
