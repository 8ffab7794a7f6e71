"""The workbook has types, filters and names, and nothing in it that runs."""

from datetime import datetime
from io import BytesIO

import openpyxl
import pytest
from openpyxl import Workbook

from pipeline.compare.rules.overview import Overview, overview
from pipeline.report.discrepancies.book import discrepancies_as_xlsx
from pipeline.text.escaping import shortened
from tests.support.hostile import HOSTILE
from tests.support.overviews import empty, from_cells, hostile, invented


def opened(shown: Overview) -> Workbook:
    """Open the book as a spreadsheet does."""
    return openpyxl.load_workbook(BytesIO(discrepancies_as_xlsx(shown)))


@pytest.fixture(scope="module")
def book() -> Workbook:
    return opened(hostile())


def test_the_sheets_come_in_the_order_of_the_page() -> None:
    assert opened(empty()).sheetnames == [
        "Answer",
        "Elements and districts",
        "Districts by period",
        "Sites",
        "Sites by period",
        "Numbers",
        "Findings",
        "Where it comes from",
    ]


def test_no_cell_is_a_formula_or_a_link(book: Workbook) -> None:
    for sheet in book:
        cells = [cell for row in sheet.iter_rows() for cell in row]
        assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
        assert not [cell for cell in cells if cell.hyperlink]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_text_in_a_cell(book: Workbook, name: str) -> None:
    names = [cell.value for cell in book["Sites"]["A"]]

    assert shortened(name, 250) in names


def test_numbers_are_numbers_days_are_days_and_silence_is_an_empty_cell() -> None:
    sheet = opened(
        from_cells("""
            site | month  | element | tracker | manual
            Aba  | 202610 | Cases   | 12.5    | -
        """)
    )["Numbers"]

    titles = [cell.value for cell in sheet[2]]
    row = dict(zip(titles, [cell.value for cell in sheet[3]], strict=True))
    assert row["Tracker"] == 12.5
    assert row["Manual"] is None
    assert row["First day"] == datetime(2026, 10, 1)  # noqa: DTZ001  # a spreadsheet has no zones
    assert row["Class"] == "Only tracker"


def test_each_sheet_has_a_filter_a_frozen_header_and_says_which_run_it_tells(
    book: Workbook,
) -> None:
    for sheet in book.worksheets[1:-1]:
        (table,) = sheet.tables.values()
        assert table.autoFilter is not None
        assert sheet.freeze_panes == "B3"
        assert "20261124T021000Z-7f3a" in sheet["A1"].value


def test_names_have_room() -> None:
    sheet = opened(invented(3))["Sites"]

    assert sheet.column_dimensions["A"].width > 30


def test_a_long_sheet_ends_early_and_says_where_the_rest_is() -> None:
    one_month = invented(30, ("202601",), elements=("Cases",))

    book = discrepancies_as_xlsx(one_month, most_rows=20)

    sheet = openpyxl.load_workbook(BytesIO(book))["Sites"]
    assert sheet.max_row == 20 + 2
    assert sheet["A1"].value.startswith(
        "The first 20 of 30 lines; discrepancies.csv holds every number."
    )


def test_the_same_overview_gives_the_same_bytes_made_when_the_run_began() -> None:
    once = hostile()
    shuffled = overview(
        once.cells.sample(fraction=1, shuffle=True, seed=3), once.findings, once.provenance
    )

    assert discrepancies_as_xlsx(shuffled) == discrepancies_as_xlsx(once)
    assert opened(once).properties.created == datetime(2026, 11, 24, 2, 10)  # noqa: DTZ001  # as above
