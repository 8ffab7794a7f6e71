"""An empty option combo in a table means the default one."""

import polars as pl

from schemas.metadata import TargetMetadata


def with_default_combos(table: pl.DataFrame, target: TargetMetadata) -> pl.DataFrame:
    """`table` with the target's default option combo where it leaves an option combo empty."""
    default = pl.lit(target.default_option_combo)
    return table.with_columns(
        pl.when(pl.col(column) == "").then(default).otherwise(pl.col(column)).alias(column)
        for column in ("category_option_combo", "attribute_option_combo")
    )
