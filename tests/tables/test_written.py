"""A table is found in whatever manner it was written, and every line of it is a row or told."""

from collections.abc import Callable, Sequence
from io import BytesIO

import pytest
import xlsxwriter

from pipeline.tables.delimited import Misfit
from pipeline.tables.written import (
    UnreadableTableError,
    WrittenTable,
    read_delimited,
    read_sheet,
    sentence_of,
)


def fits(fields: Sequence[str]) -> bool:
    return "site" in fields


def workbook(*rows: Sequence[str]) -> bytes:
    packed = BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return packed.getvalue()


def text(*rows: Sequence[str]) -> bytes:
    return "\n".join(";".join(row) for row in rows).encode()


def told(table: WrittenTable) -> list[tuple[object, ...]]:
    return table.rows.rows()


@pytest.mark.parametrize(
    ("read", "written"), [(read_delimited, text), (read_sheet, workbook)], ids=["csv", "sheet"]
)
class TestBothKinds:
    """What is true of a text and of a workbook alike."""

    def test_rows_stand_below_the_header_with_their_lines(
        self,
        read: Callable[..., WrittenTable],
        written: Callable[..., bytes],
    ) -> None:
        table = read(written(("site", "value"), ("a", " 1 "), ("", ""), ("b", "2")), fits)

        assert (table.header.line, table.header.fields) == (1, ["site", "value"])
        assert told(table) == [(2, "a", "1"), (4, "b", "2")]
        assert table.misfits == []

    def test_lines_above_the_header_are_refused_with_its_line(
        self,
        read: Callable[..., WrittenTable],
        written: Callable[..., bytes],
    ) -> None:
        with pytest.raises(UnreadableTableError) as raised:
            read(written(("Our district", ""), ("site", "value"), ("a", "1")), fits)

        assert raised.value.line == 2
        assert raised.value.what == "has lines above its header, which seems to be line 2"

    def test_blank_lines_may_stand_above_the_header(
        self,
        read: Callable[..., WrittenTable],
        written: Callable[..., bytes],
    ) -> None:
        table = read(written(("", ""), ("site", "value"), ("a", "1")), fits)

        assert table.header.line == 2
        assert told(table) == [(3, "a", "1")]

    def test_where_no_header_fits_the_first_line_is_shown_as_it(
        self,
        read: Callable[..., WrittenTable],
        written: Callable[..., bytes],
    ) -> None:
        table = read(written(("", ""), ("place", "value"), ("a", "1")), fits)

        assert (table.header.line, table.header.fields) == (2, ["place", "value"])

    def test_nothing_at_all_is_an_empty_header(
        self,
        read: Callable[..., WrittenTable],
        written: Callable[..., bytes],
    ) -> None:
        table = read(written(), fits)

        assert (table.header.line, table.header.fields, table.rows.height) == (0, [], 0)


def test_a_line_that_names_the_separator_may_stand_above() -> None:
    table = read_delimited(b"sep=;\n\nsite;value\na;1\n", fits)

    assert (table.header.line, table.header.separator) == (3, ";")
    assert told(table) == [(4, "a", "1")]


def test_a_line_that_is_no_row_comes_back_beside_the_rows() -> None:
    table = read_delimited(b"site,value\na,1\nb\nc,3\n", fits)

    assert told(table) == [(2, "a", "1"), (4, "c", "3")]
    (misfit,) = table.misfits
    assert (misfit.line, misfit.fields) == (3, 1)
    assert sentence_of(misfit, 2) == (
        "the row has another number of fields than the header: 1, not 2"
    )


def test_a_doubtful_quote_is_told_as_such() -> None:
    sentence = sentence_of(Misfit(3, 2, 2, 'a,"the big one\nb,7"'), 2)

    assert sentence.startswith(
        "the quote in 'a,\"the big one' may open a text that goes on to line 4"
    )


@pytest.mark.parametrize("content", [workbook(("site", "value")), b"\x1f\x8bzipped", b"x\x9czip"])
def test_a_packed_file_that_is_called_csv_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableTableError, match="is a workbook or a zipped file") as raised:
        read_delimited(content, fits)

    assert raised.value.remedy == 'save it as "CSV UTF-8"'


def test_bytes_that_are_no_text_are_refused_with_their_line() -> None:
    with pytest.raises(UnreadableTableError) as raised:
        read_delimited("site;value\nsanté;1\n".encode("latin-1"), fits)

    assert raised.value.line == 2
    assert raised.value.remedy == 'save it as "CSV UTF-8"'


def test_what_is_no_workbook_is_refused() -> None:
    with pytest.raises(UnreadableTableError) as raised:
        read_sheet(b"site;value\na;1\n", fits)

    assert not raised.value.what.startswith("it ")
    assert raised.value.remedy == "save it again as XLSX, or as CSV UTF-8"
