"""A workbook is read as its sheet means it: days, whole numbers, texts that look like numbers."""

from datetime import date, datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter

from pipeline.tables.workbook import UnreadableWorkbookError, rows_of_sheet


def workbook(rows: list[list[object]], *sheets: str) -> bytes:
    packed = BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name in sheets or ("Sheet1",):
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                for place, value in enumerate(row):
                    if isinstance(value, date):
                        sheet.write_datetime(at, place, datetime(*value.timetuple()[:3]), day)  # noqa: DTZ001  # a sheet has no zone
                    else:
                        sheet.write(at, place, value)
            rows = [["another sheet"]]
    return packed.getvalue()


def test_cells_become_text_as_the_sheet_shows_them() -> None:
    content = workbook(
        [["site", "period", "value"], ["0012", date(2026, 10, 1), 3], ["santé", "", 2.5]]
    )

    assert rows_of_sheet(content).rows() == [
        (1, "site", "period", "value"),
        (2, "0012", "2026-10-01", "3"),
        (3, "santé", "", "2.5"),
    ]


def test_lines_above_and_blank_columns_keep_their_places() -> None:
    content = workbook([[], ["", "site"], [], ["", "a"]])

    assert rows_of_sheet(content).rows() == [
        (1, "", ""),
        (2, "", "site"),
        (3, "", ""),
        (4, "", "a"),
    ]


def test_a_sheet_may_be_named() -> None:
    content = workbook([["first"]], "Cover", "Data")

    assert rows_of_sheet(content)["field_1"].item() == "first"
    assert rows_of_sheet(content, "Data")["field_1"].item() == "another sheet"
    with pytest.raises(UnreadableWorkbookError, match="Cover, Data"):
        rows_of_sheet(content, "Paper")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nothing", b"site,value\na,1\n"])
def test_what_is_no_workbook_is_told(content: bytes) -> None:
    with pytest.raises(UnreadableWorkbookError, match="cannot be read"):
        rows_of_sheet(content)


def test_a_workbook_that_is_small_only_because_it_is_packed_is_not_unpacked() -> None:
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as parts, parts.open("xl/one.xml", "w") as part:
        for _ in range(513):
            part.write(bytes(2**20))

    with pytest.raises(UnreadableWorkbookError, match="larger than 512 MiB"):
        rows_of_sheet(packed.getvalue())


def test_an_empty_sheet_has_no_row() -> None:
    assert rows_of_sheet(workbook([])).is_empty()
