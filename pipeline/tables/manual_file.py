"""Open a file of manual numbers: which fields stand in which line, and nothing more."""

from collections.abc import Collection, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import polars as pl

from pipeline.cells.numbers import DECIMALS
from pipeline.compare.rules.links import MANUAL_CELL
from pipeline.compare.rules.manual import reasons as rules
from pipeline.files.deployment import Deployment
from pipeline.tables.delimited import Misfit
from pipeline.tables.manual_header import (
    columns_of_header,
    insist_on_columns,
    is_export,
    is_header,
    written_columns,
)
from pipeline.tables.manual_pivot import find_pivot, refuse_other_shapes, unpivoted
from pipeline.tables.reader import has_ending
from pipeline.tables.written import (
    DELIMITED,
    WORKBOOKS,
    UnreadableTableError,
    read_delimited,
    read_sheet,
)
from pipeline.text.errors import UsageError
from pipeline.text.spelling import tidied
from pipeline.text.wording import number
from schemas.comparison import ManualRows
from schemas.frames import empty

MOST_MANUAL_BYTES = 256 * 2**20
MOST_MANUAL_ROWS = 5_000_000
_ENDINGS = (*DELIMITED, *WORKBOOKS, "parquet")
RAGGED_LINES = {"line": pl.Int64, "rule_id": pl.String, "written": pl.String}
_MOST_WRITTEN = 200  # letters of a line that is shown


class WrittenRows(NamedTuple):
    """What stands in a file: line and the columns that the header names; and lines that are no row.

    `ragged`: line, the id of the rule that it breaks, and what is written there.
    """

    rows: pl.DataFrame
    ragged: pl.DataFrame


class FileRows(NamedTuple):
    """What a file holds: `rows` (ManualRows), and the lines that are no row, or a deleted one.

    `ragged`: row (0), line, rule_id, and written, the first 200 letters of the line.
    """

    rows: pl.DataFrame
    ragged: pl.DataFrame


def open_file(deployment: Deployment, name: str, file: str) -> tuple[Path, bytes]:
    """Read the file that a transfer names; it must lie in the deployment's folder."""
    path = (deployment.transfer_folder(name) / file).resolve()
    if not deployment.holds(path):
        raise UsageError(
            "the file of manual numbers lies outside the deployment's folder",
            where=str(path),
            remedy=f"keep it below {deployment.root.resolve()}, and name it in [compare] as seen "
            "from the transfer",
        )
    if not has_ending(path, *_ENDINGS):
        raise UsageError(
            f"a file of manual numbers cannot end in {path.suffix or 'nothing'}",
            where=str(path),
            remedy="save it as CSV (UTF-8), as a workbook (XLSX) or as Parquet",
        )
    if not path.is_file():
        raise UsageError(
            "the file of manual numbers is not there",
            where=str(path),
            remedy="put it there, or empty `file` in [compare] of transfer.toml",
        )
    if path.stat().st_size > MOST_MANUAL_BYTES:
        raise UsageError(
            f"the file of manual numbers is larger than {MOST_MANUAL_BYTES // 2**20} MiB",
            where=str(path),
            remedy="leave out periods that the transfer does not ask",
        )
    return path, path.read_bytes()


def read_rows(content: bytes, path: Path, elements: Collection[str] = ()) -> FileRows:
    """Read a CSV file, a workbook or Parquet; raises `UsageError` when it cannot be read as one.

    `elements`: what mappings/manual calls the manual elements; they may be columns.
    """
    if has_ending(path, "parquet"):
        rows, ragged = _rows_of_parquet(content, path)
    else:
        rows, ragged = _rows_as_written(content, path, elements)
    if "deleted" in rows.columns:
        is_deleted = pl.col("deleted").str.to_lowercase().eq_missing("true")
        rule_id = pl.lit(rules.DELETED_ROW.rule_id).alias("rule_id")
        deleted = rows.filter(is_deleted).select(pl.col("line").cast(pl.Int64), rule_id, "written")
        rows, ragged = rows.filter(~is_deleted), pl.concat([ragged, deleted])
    shaped = rows.lazy()
    shape = empty(ManualRows).schema
    absent = [pl.lit(None).alias(name) for name in shape if name not in rows.columns]
    texts = (
        shaped.with_columns(absent)
        .select(_shaped(name, kind) for name, kind in shape.items())
        .collect()
    )
    return FileRows(
        texts.with_columns(tidied(texts[name]) for name in MANUAL_CELL),
        ragged.select(pl.lit(0, pl.UInt32).alias("row"), "line", "rule_id", "written"),
    )


def _shaped(name: str, kind: pl.DataType) -> pl.Expr:
    """A column in its type; texts without blanks around, empty where nothing is written."""
    column = pl.col(name).cast(kind)
    return column.fill_null("").str.strip_chars() if kind == pl.String else column


def _rows_as_written(content: bytes, path: Path, elements: Collection[str]) -> WrittenRows:
    """The rows of a CSV file or of a workbook's first sheet, and the lines that are none."""

    def fits(fields: Sequence[str]) -> bool:
        return is_header(fields) or find_pivot(fields, elements) is not None

    try:
        if has_ending(path, *WORKBOOKS):
            table = read_sheet(content, fits)
        else:
            table = read_delimited(content, fits, is_export)
    except UnreadableTableError as error:
        raise UsageError(
            f"the file of manual numbers {error.what}",
            where=f"{path}:{error.line or 1}",
            remedy=error.remedy,
        ) from error
    where = f"{path}:{max(table.header.line, 1)}"
    fields = table.header.fields
    pivot = find_pivot(fields, elements)
    if pivot is None:
        refuse_other_shapes(fields, where)
        insist_on_columns(fields, where)
    names = columns_of_header(fields, where)
    if pivot:
        rows = unpivoted(table.rows, names, pivot)
    else:
        named = {f"field_{at}": name for at, name in enumerate(names, 1) if name}
        rows = table.rows.select("line", *named).rename(named)
    misfits = [line for one in table.misfits for line in _lines_of(one)]
    return WrittenRows(
        rows,
        pl.DataFrame(misfits, schema=RAGGED_LINES, orient="row"),
    )


def _lines_of(misfit: Misfit) -> Iterator[tuple[int, str, str]]:
    """Each line of a misfit, with the rule that it breaks."""
    rule = rules.DOUBTFUL_QUOTE if misfit.is_doubtful else rules.RAGGED
    for line, text in enumerate(misfit.text.split("\n"), start=misfit.line):
        yield line, rule.rule_id, text[:_MOST_WRITTEN]


def _rows_of_parquet(content: bytes, path: Path) -> WrittenRows:
    try:
        table = pl.read_parquet(BytesIO(content), n_rows=MOST_MANUAL_ROWS + 1)
        names = written_columns(table.columns)
        refuse_other_shapes(table.columns, f"{path}:1")
        insist_on_columns(table.columns, f"{path}:1")
        columns_of_header(table.columns, str(path))
        kept = [
            _as_text(column).alias(name) for column, name in zip(table, names, strict=True) if name
        ]
    except (pl.exceptions.PolarsError, OSError) as error:
        raise UsageError(
            "the file of manual numbers cannot be read as Parquet",
            where=str(path),
            remedy="write it again, or keep it as CSV",
        ) from error
    if table.height > MOST_MANUAL_ROWS:
        raise UsageError(
            f"the file of manual numbers has more than {number(MOST_MANUAL_ROWS)} rows",
            where=str(path),
            remedy="leave out periods that the transfer does not ask",
        )
    rows = pl.DataFrame(kept).with_row_index("line", offset=1)
    value = table.to_series(names.index("written"))
    if value.dtype.is_numeric():
        rounded = value.cast(pl.Float64).round(DECIMALS)
        rows = rows.with_columns(number=pl.when(rounded.is_finite()).then(rounded))
    return WrittenRows(rows, pl.DataFrame(schema=RAGGED_LINES))


def _as_text(column: pl.Series) -> pl.Series:
    """A column as text: days as 2026-10-01, whole numbers without a point."""
    if column.dtype.is_float() and column.drop_nulls().round(0).eq(column.drop_nulls()).all():
        column = column.cast(pl.Int64, strict=False)
    return column.cast(pl.String)
