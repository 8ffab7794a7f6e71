"""Read the rows out of an analytics answer, whatever form it came in."""

import json
from io import BytesIO

import polars as pl

from pipeline.transform.questions import Question

_FIRST_HEADER = "Data"
_NAMES = {"dx": "program_indicator", "pe": "period", "ou": "org_unit"}


class GridError(ValueError):
    """An answer that is not the table it claims to be; its text says why."""


def rows_of_csv(body: bytes, question: Question) -> pl.DataFrame:
    """Read a CSV answer: columns as `question.dimensions`, then value, all text.

    The header has display names, so columns are known by their place. Raises `GridError` for
    anything that does not begin with such a header: errors come as status 200 with a text.
    """
    columns = [*question.dimensions, "value"]
    header = body.split(b"\n", 1)[0].decode("utf-8", "replace").strip().lstrip("\ufeff")
    if not header.replace('"', "").startswith(f"{_FIRST_HEADER},"):
        raise GridError(f"not a table: {header[:200]}")
    if not body.endswith(b"\n"):
        raise GridError("the table ends in the middle of a line")
    try:
        table = pl.read_csv(
            BytesIO(body),
            has_header=False,
            skip_rows=1,
            new_columns=columns,
            schema=dict.fromkeys(columns, pl.String),
            raise_if_empty=False,
        )
    except pl.exceptions.PolarsError as error:
        raise GridError(f"a broken table: {str(error).splitlines()[0]}") from error
    if len(header.split(",")) < len(columns) or table.width != len(columns):
        raise GridError(f"{table.width} columns instead of {len(columns)}: {header[:200]}")
    if table.null_count().sum_horizontal().sum():
        raise GridError("a line of the table is too short")
    return table


def rows_of_grid(body: bytes, question: Question) -> pl.DataFrame:
    """Read a grid answer, with the same columns; raises `GridError` as `rows_of_csv` does."""
    try:
        grid = json.loads(body)
        names = [header["name"] for header in grid["headers"]]
        rows = grid["rows"]
    except (ValueError, KeyError, TypeError) as error:
        raise GridError("not a grid") from error
    if grid.get("height", len(rows)) != len(rows):
        raise GridError(f"{len(rows)} rows, but the grid says {grid['height']}")
    columns = [_NAMES.get(name, name) for name in names]
    if set(columns) != {*question.dimensions, "value"}:
        raise GridError(f"columns {', '.join(names)}")
    if any(len(row) != len(columns) for row in rows):
        raise GridError("a row of another length")
    table = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
    return table.select(*question.dimensions, "value")
