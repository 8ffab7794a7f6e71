"""Read a frame as people write one: a header, bars between columns, one row a line."""

import polars as pl


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
