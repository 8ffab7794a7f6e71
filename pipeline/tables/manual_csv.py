"""Read manual numbers out of CSV, line by line, so that a large file takes little memory."""

import csv
from codecs import iterdecode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import NamedTuple

import polars as pl

from pipeline.tables.manual_header import columns_of_header, separator_of
from pipeline.text.errors import UsageError

RAGGED_LINES = {"line": pl.Int64, "written": pl.String}
_CHUNK = 2**20  # bytes that are decoded at once
_ROWS_AT_ONCE = 20_000


class WrittenRows(NamedTuple):
    """What stands in a file: line and the columns that the header names; and ragged lines.

    `ragged`: line and written, for lines that do not have the header's fields.
    """

    rows: pl.DataFrame
    ragged: pl.DataFrame


def rows_of_csv_file(content: bytes, path: Path) -> WrittenRows:
    """The rows of a CSV file; raises `UsageError` with the line where it is none."""
    encoding = _encoding(content, path)
    separator = separator_of(_first_line(_lines(content, encoding)), path)
    header: list[str] = []
    batch = _Batch()
    batches: list[WrittenRows] = []
    for line, fields in _fields(_lines(content, encoding), separator, path):
        if not header:
            header = columns_of_header(fields, f"{path}:{line}")
        elif len(fields) < len(header) or any(fields[len(header) :]):
            batch.ragged.append((line, separator.join(fields)[:200]))
        else:
            batch.whole.append((line, *fields[: len(header)]))
        if batch.is_full:
            batches.append(batch.frames(header))
            batch = _Batch()
    batches.append(batch.frames(header))
    return WrittenRows(*(pl.concat(frames) for frames in zip(*batches, strict=True)))


@dataclass(frozen=True)
class _Batch:
    """Some rows on their way into columns: as Python's own texts they take ten times the room."""

    whole: list[tuple[int | str, ...]] = field(default_factory=list)
    ragged: list[tuple[int, str]] = field(default_factory=list)

    @property
    def is_full(self) -> bool:
        return len(self.whole) + len(self.ragged) >= _ROWS_AT_ONCE

    def frames(self, header: list[str]) -> WrittenRows:
        """The rows as frames: line and the named columns; line and written."""
        columns = list(zip(*self.whole, strict=True)) or [()] * (len(header) + 1)
        lines, *texts = columns
        named = {name: texts[at] for at, name in enumerate(header) if name}
        return WrittenRows(
            pl.DataFrame(
                {"line": lines, **named},
                schema={"line": pl.Int64, **dict.fromkeys(named, pl.String)},
            ),
            pl.DataFrame(self.ragged, schema=RAGGED_LINES, orient="row"),
        )


def _fields(lines: Iterable[str], separator: str, path: Path) -> Iterator[tuple[int, list[str]]]:
    """The line and the fields of every row that is not blank."""
    reader = csv.reader(lines, delimiter=separator, strict=True)
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


def _lines(content: bytes, encoding: str) -> TextIOWrapper:
    """The lines of a file, decoded as they are read, each with the line break that it has."""
    return TextIOWrapper(BytesIO(content), encoding, newline="")


def _first_line(lines: Iterable[str]) -> str:
    """The first line in which anything stands; empty when there is none."""
    apart = (line for lines_or_more in lines for line in lines_or_more.splitlines())
    return next((line for line in apart if line.strip(" \t;,")), "")


def _encoding(content: bytes, path: Path) -> str:
    """How a file is written; raises `UsageError` unless it is text from end to end."""
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    line, line_of_nul = 1, 0
    try:
        for text in iterdecode(_chunks(content), encoding):
            if not line_of_nul and "\0" in text:
                line_of_nul = line + text[: text.index("\0")].count("\n")
            line += text.count("\n")
    except UnicodeDecodeError as error:
        raise _not_utf8(content, encoding, path) from error
    if line_of_nul:
        raise UsageError(
            "the file of manual numbers is no text",
            where=f"{path}:{line_of_nul}",
            remedy='save it as "CSV UTF-8"; a spreadsheet itself (.xlsx) is not read',
        )
    return encoding


def _chunks(content: bytes) -> Iterator[bytes]:
    return (content[at : at + _CHUNK] for at in range(0, len(content), _CHUNK))


def _not_utf8(content: bytes, encoding: str, path: Path) -> UsageError:
    """The letter about a file whose bytes are no text, with the line where that begins."""
    line = 1
    try:
        content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
    return UsageError(
        "the file of manual numbers is not written in UTF-8",
        where=f"{path}:{line}",
        remedy='save it as "CSV UTF-8"',
    )
