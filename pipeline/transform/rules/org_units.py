"""Which org unit of the target stands for one of the source; the only place that decides this."""

from collections.abc import Sequence
from typing import Literal

import polars as pl

Unlisted = Literal["same", "reject"]


def with_target_org_unit(
    org_units: pl.DataFrame, listed: pl.DataFrame, unlisted: Unlisted
) -> pl.DataFrame:
    """Add `target_org_unit` to a frame with `org_unit` (ids of the source), in the same order.

    `listed`: source_org_unit, target_org_unit, as mappings/org_units has them. One that is not
    listed keeps its id (`unlisted` = "same") or goes nowhere ("reject"): null.
    """
    moved = org_units.join(
        listed.select(org_unit="source_org_unit", target_org_unit="target_org_unit"),
        on="org_unit",
        how="left",
        validate="m:1",
        maintain_order="left",
    )
    if unlisted == "reject":
        return moved
    return moved.with_columns(pl.coalesce("target_org_unit", "org_unit").alias("target_org_unit"))


def target_org_units(
    org_units: Sequence[str], listed: pl.DataFrame, unlisted: Unlisted
) -> list[str]:
    """List the org units of the target that stand for those asked, each in its place."""
    asked = pl.DataFrame({"org_unit": [*org_units]}, schema={"org_unit": pl.String})
    moved = with_target_org_unit(asked, listed, unlisted)
    return moved["target_org_unit"].drop_nulls().to_list()
