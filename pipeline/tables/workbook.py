"""Read a sheet of a workbook as the sheet means it: days as days, whole numbers without a point."""

from datetime import date, datetime, time, timedelta
from io import BytesIO
from zipfile import BadZipFile, ZipFile, is_zipfile

import polars as pl
from python_calamine import CalamineError, CalamineWorkbook

from pipeline.cells.numbers import DECIMALS

MOST_UNPACKED_BYTES = 512 * 2**20
_MOST_EXACT = 2**53  # beyond this a spreadsheet itself does not know the whole number


class UnreadableWorkbookError(Exception):
    """Bytes that are no workbook, or one without the sheet that was named; the text says which."""


def rows_of_sheet(content: bytes, sheet: str = "") -> pl.DataFrame:
    """The rows of a named sheet, or of the first: line (Int64, from 1), and `field_1` … as text.

    A day is 2026-10-01, a whole number has no point, a truth is TRUE or FALSE, an empty cell "".
    """
    try:
        _insist_on_size(content)
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        if sheet and sheet not in book.sheet_names:
            known = ", ".join(book.sheet_names)
            raise UnreadableWorkbookError(f"it has no sheet {sheet!r:.60}; its sheets are {known}")
        opened = book.get_sheet_by_name(sheet) if sheet else book.get_sheet_by_index(0)
        rows = opened.to_python(skip_empty_area=False)
    except (CalamineError, BadZipFile, OSError, ValueError, IndexError) as error:
        raise UnreadableWorkbookError("it cannot be read as a workbook") from error
    width = max(map(len, rows), default=0)
    columns = {
        f"field_{at + 1}": [_text(row[at]) if at < len(row) else "" for row in rows]
        for at in range(width)
    }
    lines = pl.Series("line", range(1, len(rows) + 1), dtype=pl.Int64)
    return pl.DataFrame([lines, *(pl.Series(name, cells) for name, cells in columns.items())])


def _insist_on_size(content: bytes) -> None:
    """Refuse a workbook that is small only because it is packed."""
    if is_zipfile(BytesIO(content)):
        with ZipFile(BytesIO(content)) as parts:
            size = sum(part.file_size for part in parts.infolist())
        if size > MOST_UNPACKED_BYTES:
            what = f"unpacked it is larger than {MOST_UNPACKED_BYTES // 2**20} MiB"
            raise UnreadableWorkbookError(what)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        is_day = value.time() == time()
        return value.date().isoformat() if is_day else value.isoformat(sep=" ")
    if isinstance(value, date | time | timedelta):
        return str(value)
    if isinstance(value, float):
        return _number(value)
    return str(value).strip()


def _number(value: float) -> str:
    if value.is_integer() and abs(value) < _MOST_EXACT:
        return str(int(value))
    return f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".")
