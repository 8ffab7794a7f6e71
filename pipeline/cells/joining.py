"""Put columns that are known of some cells, or of some ids, beside all of them."""

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


def looked_up(texts: pl.Series, known: pl.DataFrame, key: str) -> pl.DataFrame:
    """The other columns of `known` (one row per `key`, text) for each text in turn.

    Nulls where it has no row. To look a text up in a closed list costs a third of a join.
    """
    if known.is_empty():
        return pl.DataFrame(schema=known.drop(key).schema).clear(texts.len())
    place = texts.cast(pl.Enum(known[key]), strict=False).to_physical()
    return known.drop(key).select(pl.all().gather(place))


def code_of(texts: pl.DataFrame) -> pl.Series:
    """A number for each row, the same for rows with the same texts and no other; no nulls."""
    code = pl.lit(0, pl.UInt64)
    for column in texts:
        closed = column.unique()
        place = pl.col(column.name).cast(pl.Enum(closed)).to_physical().cast(pl.UInt64)
        code = code * pl.lit(max(closed.len(), 1), pl.UInt64) + place
    return texts.select(code.alias("code")).to_series()
