"""Read the rows out of an analytics answer, whatever form it came in."""

from io import BytesIO

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.extract.rules.questions import Question
from schemas.frames import trusted
from schemas.values import AnalyticsRows

_FIRST_HEADER = "Data"
_NAMES = {"dx": "program_indicator", "pe": "period", "ou": "org_unit"}
_GRID: dict[str, pl.DataType | type[pl.DataType]] = {
    "headers": pl.List(pl.Struct({"name": pl.String})),
    "rows": pl.List(pl.List(pl.String)),
    "height": pl.Int64,
}


class GridError(ValueError):
    """An answer that is not the table it claims to be; its text says why."""


def rows_of_csv(body: bytes, question: Question) -> DataFrame[AnalyticsRows]:
    """The rows of a CSV answer: columns as `question.dimensions`, then value, all text.

    The header has display names, so columns are known by their place. Raises `GridError` for
    anything that does not begin with such a header: errors come as status 200 with a text.
    """
    columns = [*question.dimensions, "value"]
    header = body[: body.find(b"\n")].decode("utf-8-sig", "replace").strip()
    if not header.replace('"', "").startswith(f"{_FIRST_HEADER},"):
        raise GridError(f"not a table: {header[:200]}")
    if not body.endswith(b"\n"):
        raise GridError("the table ends in the middle of a line")
    width = _width(header)
    if width != len(columns):
        raise GridError(f"{width} columns instead of {len(columns)}: {header[:200]}")
    try:
        table = pl.read_csv(
            BytesIO(body),
            has_header=False,
            skip_rows=1,
            schema=dict.fromkeys(columns, pl.String),
            raise_if_empty=False,
        )
    except pl.exceptions.PolarsError as error:
        raise GridError(f"a broken table: {str(error).splitlines()[0]}") from error
    return _whole(table, question)


def _width(header: str) -> int:
    """How many columns a header line has; a comma within quotes is part of a name."""
    return "".join(header.split('"')[::2]).count(",") + 1


def rows_of_grid(body: bytes, question: Question) -> DataFrame[AnalyticsRows]:
    """The rows of a grid answer, in the same columns; raises `GridError` as `rows_of_csv`."""
    try:
        grid = pl.read_json(BytesIO(body), schema=_GRID)
    except pl.exceptions.PolarsError as error:
        raise GridError("not a grid") from error
    if grid.height != 1 or grid.null_count().select("headers", "rows").row(0) != (0, 0):
        raise GridError("not a grid")
    names = grid["headers"].item(0).struct.field("name").fill_null("").to_list()
    columns = [_NAMES.get(name, name) for name in names]
    if sorted(columns) != sorted([*question.dimensions, "value"]):
        raise GridError(f"columns {', '.join(names)}")
    cells, height = grid["rows"].item(0), grid["height"].item(0)
    if height not in (None, len(cells)):
        raise GridError(f"{len(cells)} rows, but the grid says {height}")
    if cells.list.len().ne_missing(len(columns)).any():
        raise GridError("a row of another length")
    table = pl.DataFrame({name: cells.list.get(at) for at, name in enumerate(columns)})
    return _whole(table.select(*question.dimensions, "value"), question)


def _whole(table: pl.DataFrame, question: Question) -> DataFrame[AnalyticsRows]:
    """The same table, which lacks no cell and tells of what was asked; all of it is text already.

    Which org units lie below those of a question with a level is not known here.
    """
    if table.null_count().sum_horizontal().sum():
        raise GridError("a line of the table lacks a cell")
    asked = {"program_indicator": question.program_indicators, "period": question.periods}
    if not question.level:
        asked["org_unit"] = question.org_units
    for column, ids in asked.items():
        strange = sorted({*table[column].unique()} - {*ids})
        if strange:
            raise GridError(f"{column.replace('_', ' ')} {strange[0]}, which was not asked for")
    return trusted(table, AnalyticsRows)
