"""Put columns that are known of some cells beside all of them."""

from collections.abc import Sequence

import polars as pl


def with_columns_of(cells: pl.DataFrame, known: pl.DataFrame, on: Sequence[str]) -> pl.DataFrame:
    """`cells` with the other columns of `known` (one row per `on`); nulls where it has no row.

    Rows and their order stay. On most nights `known` is empty, and then nothing is looked for.
    """
    if known.is_empty():
        fresh = {name: kind for name, kind in known.schema.items() if name not in on}
        return cells.with_columns(pl.lit(None, kind).alias(name) for name, kind in fresh.items())
    return cells.join(known, on=on, how="left", validate="m:1", maintain_order="left")
