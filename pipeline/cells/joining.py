"""Put what is told about some cells beside all of them."""

from collections.abc import Sequence

import polars as pl


def with_columns_of(cells: pl.DataFrame, told: pl.DataFrame, on: Sequence[str]) -> pl.DataFrame:
    """Add the other columns of `told`, which has one row per `on`; nulls where nothing is told.

    Rows and their order stay. On most nights nothing is told, and then nothing is looked for.
    """
    if told.is_empty():
        fresh = {name: kind for name, kind in told.schema.items() if name not in on}
        return cells.with_columns(pl.lit(None, kind).alias(name) for name, kind in fresh.items())
    return cells.join(told, on=on, how="left", validate="m:1", maintain_order="left")
