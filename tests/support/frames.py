"""Read a frame as people write one: a header, bars between columns, one row a line."""

import polars as pl

from pipeline.cells.key import KEY


def frame(table: str, **types: pl.DataType | type[pl.DataType]) -> pl.DataFrame:
    """Read a `a | b` table; every column is text unless `types` names another type.

    An empty cell is an empty text; `-` is a null.
    """
    lines = [line.strip() for line in table.strip().splitlines()]
    rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    header, body = rows[0], rows[1:]
    columns = {
        name: pl.Series(
            name, [None if row[at] == "-" else row[at] for row in body], dtype=pl.String
        )
        for at, name in enumerate(header)
    }
    return pl.DataFrame(columns).with_columns(
        pl.col(name).cast(kind) for name, kind in types.items()
    )


def some_keys(**named: list[str]) -> pl.DataFrame:
    """Name some parts of keys, one column each; the other parts of each row are null."""
    known = pl.DataFrame({name: pl.Series(texts, dtype=pl.String) for name, texts in named.items()})
    return known.with_columns(
        pl.lit(None, pl.String).alias(name) for name in KEY if name not in named
    ).select(KEY)
