"""Open a file of manual numbers: which fields stand in which line, and nothing more."""

import csv
import re
from collections.abc import Iterator
from io import BytesIO, StringIO
from pathlib import Path
from typing import NamedTuple

import polars as pl

from pipeline.cells.numbers import DECIMALS
from pipeline.compare.rules.manual import reasons as rules
from pipeline.files.deployment import Deployment
from pipeline.text.errors import UsageError
from pipeline.text.wording import number
from schemas.frames import ManualRows, empty

MOST_BYTES = 256 * 2**20
MOST_ROWS = 5_000_000
COLUMNS = {
    "dataelement": "manual_data_element",
    "categoryoptioncombo": "manual_category_option_combo",
    "attributeoptioncombo": "manual_attribute_option_combo",
    "period": "written_period",
    "orgunit": "written_unit",
    "organisationunit": "written_unit",
    "value": "written",
    "deleted": "deleted",
}
ENDINGS = (".csv", ".tsv", ".txt", ".parquet")
_NEEDED = ("manual_data_element", "written_period", "written_unit", "written")
_SEPARATORS = ",;\t"
_REMEDY = (
    "its columns are data_element, period, org_unit, value, and category_option_combo and "
    "attribute_option_combo where numbers are split up; others are not read"
)


class FileRows(NamedTuple):
    """What a file holds: `rows` (ManualRows), and the lines without the header's fields."""

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
    if path.suffix not in ENDINGS:
        raise UsageError(
            f"a file of manual numbers cannot end in {path.suffix or 'nothing'}",
            where=str(path),
            remedy="save it as CSV (UTF-8) or Parquet",
        )
    if not path.is_file():
        raise UsageError(
            "the file of manual numbers is not there",
            where=str(path),
            remedy="put it there, or empty `file` in [compare] of transfer.toml",
        )
    if path.stat().st_size > MOST_BYTES:
        raise UsageError(
            f"the file of manual numbers is larger than {MOST_BYTES // 2**20} MiB",
            where=str(path),
            remedy="leave out periods that the transfer does not ask",
        )
    return path, path.read_bytes()


def read_rows(content: bytes, path: Path) -> FileRows:
    """Read a CSV or Parquet file; raises `UsageError` when it cannot be read as one."""
    read = _rows_of_parquet if path.suffix == ".parquet" else _rows_of_csv
    rows, ragged = read(content, path)
    if "deleted" in rows.columns:
        rows = rows.filter(pl.col("deleted").str.to_lowercase().ne_missing("true"))
    shape = empty(ManualRows).schema
    absent = [pl.lit(None).alias(name) for name in shape if name not in rows.columns]
    shaped = rows.with_columns(absent).select(
        pl.col(name).cast(kind) for name, kind in shape.items()
    )
    texts = [name for name, kind in shape.items() if kind == pl.String]
    return FileRows(
        shaped.with_columns(pl.col(texts).fill_null("").str.strip_chars()),
        pl.DataFrame(
            [(0, line, rules.RAGGED.rule_id, text) for line, text in ragged],
            schema={"row": pl.UInt32, "line": pl.Int64, "rule_id": pl.String, "written": pl.String},
            orient="row",
        ),
    )


def _rows_of_csv(content: bytes, path: Path) -> tuple[pl.DataFrame, list[tuple[int, str]]]:
    text = _decoded(content, path)
    lines = [line for line in text.splitlines() if line.strip(" \t;,")]
    separator = _separator(lines[0] if lines else "", path)
    header: list[str] = []
    ragged: list[tuple[int, str]] = []
    kept: list[tuple[int, list[str]]] = []
    for line, fields in _fields(text, separator, path):
        if not header:
            header = _header(fields, f"{path}:{line}")
            continue
        row = fields[: len(header)]
        if len(row) < len(header) or any(fields[len(header) :]):
            ragged.append((line, separator.join(fields)[:200]))
        else:
            kept.append((line, row))
    texts = {name: [row[at] for _, row in kept] for at, name in enumerate(header) if name}
    lines_of = pl.Series("line", [line for line, _ in kept], dtype=pl.Int64)
    return pl.DataFrame([lines_of, *(pl.Series(name, texts[name]) for name in texts)]), ragged


def _fields(text: str, separator: str, path: Path) -> Iterator[tuple[int, list[str]]]:
    """Give the line and the fields of every row that is not blank."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for fields in reader:
            if any(field.strip() for field in fields):
                yield line, fields
            line = reader.line_num + 1
    except csv.Error as error:
        raise UsageError(
            f"the file of manual numbers cannot be read as CSV: {error}",
            where=f"{path}:{line}",
            remedy="put a text that holds a separator or a quote between quotes; double the quote",
        ) from error


def _decoded(content: bytes, path: Path) -> str:
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise UsageError(
            "the file of manual numbers is not written in UTF-8",
            where=f"{path}:{line}",
            remedy='save it as "CSV UTF-8"',
        ) from error
    if "\0" in text:
        raise UsageError(
            "the file of manual numbers is no text",
            where=f"{path}:{text[: text.index(chr(0))].count(chr(10)) + 1}",
            remedy='save it as "CSV UTF-8"; a spreadsheet itself (.xlsx) is not read',
        )
    return text


def _separator(header: str, path: Path) -> str:
    """Find what stands between the fields of a header: the mark that gives it its columns."""
    for separator in _SEPARATORS:
        names = {COLUMNS.get(_plain(name)) for name in header.split(separator)}
        if names.issuperset(_NEEDED):
            return separator
    names = {COLUMNS.get(_plain(name)) for name in re.split(f"[{_SEPARATORS}]", header)}
    missing = [
        name for name, column in COLUMNS.items() if column in _NEEDED and column not in names
    ]
    told = ", ".join(name for name in missing if name != "organisationunit")
    raise UsageError(
        f"the file of manual numbers lacks columns: {told or 'it is empty'}",
        where=f"{path}:1",
        remedy=_REMEDY,
    )


def _header(fields: list[str], where: str) -> list[str]:
    """Give the column of each field, or an empty text where it is none of ours."""
    names = [COLUMNS.get(_plain(field), "") for field in fields]
    while names and not fields[len(names) - 1].strip():
        names.pop()
    twice = [name for name in _NEEDED if names.count(name) > 1]
    if twice:
        raise UsageError(
            "a column of the file of manual numbers stands in its header twice",
            where=where,
            remedy=_REMEDY,
        )
    return names


def _plain(name: str) -> str:
    return re.sub(r"[\s_\"'-]", "", name).lower()


def _rows_of_parquet(content: bytes, path: Path) -> tuple[pl.DataFrame, list[tuple[int, str]]]:
    try:
        table = pl.read_parquet(BytesIO(content), n_rows=MOST_ROWS + 1)
        names = [COLUMNS.get(_plain(name), "") for name in table.columns]
        _separator(",".join(table.columns), path)
        _header(table.columns, str(path))
        kept = [
            _as_text(column).alias(name) for column, name in zip(table, names, strict=True) if name
        ]
    except (pl.exceptions.PolarsError, OSError) as error:
        raise UsageError(
            "the file of manual numbers cannot be read as Parquet",
            where=str(path),
            remedy="write it again, or keep it as CSV",
        ) from error
    if table.height > MOST_ROWS:
        raise UsageError(
            f"the file of manual numbers has more than {number(MOST_ROWS)} rows",
            where=str(path),
            remedy="leave out periods that the transfer does not ask",
        )
    rows = pl.DataFrame(kept).with_row_index("line", offset=1)
    value = table.to_series(names.index("written"))
    if value.dtype.is_numeric():
        rounded = value.cast(pl.Float64).round(DECIMALS)
        rows = rows.with_columns(number=pl.when(rounded.is_finite()).then(rounded))
    return rows, []


def _as_text(column: pl.Series) -> pl.Series:
    """Give a column as text: days as 2026-10-01, whole numbers without a point."""
    if column.dtype.is_float() and column.drop_nulls().round(0).eq(column.drop_nulls()).all():
        column = column.cast(pl.Int64, strict=False)
    return column.cast(pl.String)
