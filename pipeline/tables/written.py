"""Find the table in a file that a person keeps: CSV in any manner, or a sheet of a workbook.

What comes out is the header and the rows below it, each with the line that an editor, or the
row that a spreadsheet shows. A line that is no row is never left out without a word.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import polars as pl

from pipeline.tables.delimited import (
    SEPARATORS,
    Header,
    Misfit,
    Undecodable,
    decode,
    find_header,
    first_lines,
    rows_below,
    with_last_field,
)
from pipeline.tables.workbook import UnreadableWorkbookError, rows_of_sheet

DELIMITED = ("csv", "tsv", "txt")
WORKBOOKS = ("xlsx", "xlsm", "xls", "ods")
# How a workbook, an archive and other packed files begin, whatever their names say.
_PACKED = (b"PK\x03\x04", b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"x\x01", b"x\x9c", b"x\xda")
_SHOWN = 60

Fits = Callable[[Sequence[str]], bool]


class WrittenTable(NamedTuple):
    """A table as it was written.

    `header`: the fields, and the line they stand in. `rows`: line (Int64) and `field_1` … as text
    without blanks around, one for each field of the header. `misfits`: lines that are no row.
    """

    header: Header
    rows: pl.DataFrame
    misfits: list[Misfit]


class UnreadableTableError(Exception):
    """A file in which no table was found: what is wrong, in which line (0: none), what to do."""

    def __init__(self, what: str, line: int = 0, remedy: str = "") -> None:
        super().__init__(what)
        self.what, self.line, self.remedy = what, line, remedy


def read_delimited(
    content: bytes, fits: Fits, may_lack_last: Fits = lambda _fields: False
) -> WrittenTable:
    """Read text with separators; raises `UnreadableTableError` when it holds no such table.

    `fits` tells whether some fields are the header that is looked for, `may_lack_last` whether
    rows below such a header may end before its last field. Only blank lines, and a line `sep=;`,
    may stand above it.
    """
    if content.startswith(_PACKED):
        raise UnreadableTableError(
            "is a workbook or a zipped file, not CSV", remedy='save it as "CSV UTF-8"'
        )
    text = decode(content)
    if isinstance(text, Undecodable):
        raise UnreadableTableError(text.what, text.line, 'save it as "CSV UTF-8"')
    header = find_header(text, fits)
    lines = ((at, line) for at, line in enumerate(first_lines(text), 1) if _says_something(line))
    first, line = next(lines, (0, ""))
    if header is None:
        return WrittenTable(Header(first, ",", _fields_of(line)), pl.DataFrame(), [])
    if first < header.line:
        raise _misplaced(header.line)
    below = rows_below(text, header)
    if may_lack_last(header.fields):
        below = with_last_field(below, header)
    return WrittenTable(header, below.rows.drop("lines"), below.misfits)


def read_sheet(content: bytes, fits: Fits) -> WrittenTable:
    """Read the first sheet of a workbook; raises `UnreadableTableError` as `read_delimited`."""
    try:
        sheet = rows_of_sheet(content)
    except UnreadableWorkbookError as error:
        raise UnreadableTableError(
            str(error).removeprefix("it "), remedy="save it again as XLSX, or as CSV UTF-8"
        ) from error
    texts = [name for name in sheet.columns if name != "line"]
    if not texts:
        return WrittenTable(Header(0, "", []), pl.DataFrame(), [])
    sheet = sheet.filter(pl.any_horizontal(pl.col(texts) != ""))
    rows = sheet.select(texts).rows()
    place = next((at for at, row in enumerate(rows) if fits(row)), None)
    if place is None:
        fields = [*rows[0]] if rows else []
        return WrittenTable(Header(int(sheet["line"][0]) if rows else 0, "", fields), sheet, [])
    header = Header(int(sheet["line"][place]), "", [*rows[place]])
    if place > 0:
        raise _misplaced(header.line)
    return WrittenTable(header, sheet.slice(place + 1), [])


def sentence_of(misfit: Misfit, width: int) -> str:
    """What is wrong with a line that is no row; `width`: the fields of the header."""
    if misfit.is_doubtful:
        last = misfit.line + misfit.lines - 1
        return (
            f"the quote in {misfit.text.splitlines()[0][:_SHOWN]!r} may open a text that goes on "
            f"to line {last}, or be a letter; put the whole text between quotes, and double the "
            "quotes in it"
        )
    return f"the row has another number of fields than the header: {misfit.fields}, not {width}"


def _misplaced(line: int) -> UnreadableTableError:
    return UnreadableTableError(
        f"has lines above its header, which seems to be line {line}",
        line,
        "take out the lines above the header",
    )


def _says_something(line: str) -> bool:
    is_separator_line = line.lower().startswith("sep=") and len(line.strip()) == len("sep=;")
    return bool(line.strip(" \t;,|\u00a0")) and not is_separator_line


def _fields_of(line: str) -> list[str]:
    """The fields of what should have been a header, by the separator that gives the most."""
    separator = max(SEPARATORS, key=line.count)
    return [field.strip() for field in line.split(separator)] if line else []
