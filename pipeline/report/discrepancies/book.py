"""Write the discrepancy report as a workbook: typed, filtered, and with nothing in it that runs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO

import polars as pl
from polars.datatypes import DataTypeClass
from xlsxwriter import Workbook  # type: ignore[import-untyped]  # it comes without types

from pipeline.compare.rules.overview import Overview, Provenance
from pipeline.report.discrepancies.summary import (
    AGREEMENT_WORDS,
    plain,
    sentences,
    summarise_overview,
)
from pipeline.text.escaping import shortened, with_texts
from pipeline.text.wording import count, minute, number

# Ten thousand sites fit; a sheet of so many lines takes about a second to write.
MOST_SHEET_ROWS = 10_000
CELL_LETTERS = 250
# What a person typed is never made a formula, a link or a number of.
_INERT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_TITLES = {
    "class": "Class",
    "meaning": "Meaning",
    "data_element_name": "Data element",
    "category_option_combo_name": "Disaggregation",
    "attribute_option_combo_name": "Attribute",
    "org_unit_name": "Site",
    "district": "District",
    "period": "Period",
    "period_start": "First day",
    "cells": "Numbers",
    "agreeing": "Agree",
    "differing": "Differ",
    "only_tracker": "Only tracker",
    "only_manual": "Only manual",
    "tracker_total": "Tracker",
    "manual_total": "Manual",
    "tracker_value": "Tracker",
    "manual_value": "Manual",
    "difference": "Difference",
    "distance": "Gap",
    "rule_id": "Rule",
    "sentence": "What was found",
    "source": "Where",
    "line": "Line",
    "observed": "What stood there",
    "fact": "Fact",
    "value": "Told",
    "data_element": "Data element id",
    "category_option_combo": "Disaggregation id",
    "attribute_option_combo": "Attribute id",
    "org_unit": "Site id",
}
_COUNTS = ("cells", "agreeing", "differing", "only_tracker", "only_manual")
_TOTALS = ("tracker_total", "manual_total", "difference")
_WIDE, _WIDER, _NARROW = 230, 420, 92  # points of the screen
_WIDTHS = {
    **dict.fromkeys(
        ("data_element_name", "org_unit_name", "district", "source", "observed"), _WIDE
    ),
    **dict.fromkeys(("meaning", "sentence", "value"), _WIDER),
    **dict.fromkeys(("category_option_combo_name", "class", "fact"), 150),
}
_A4 = 9  # the number that Excel gives this size of paper
_FORMATS: dict[DataTypeClass | pl.DataType | Iterable[DataTypeClass | pl.DataType], str] = {
    pl.Float64: "General",
    pl.Int64: "General",
    pl.Date: "yyyy-mm-dd",
}


@dataclass(frozen=True)
class Sheet:
    """One sheet of the book: a note above, and a table of some columns of `rows`."""

    title: str
    note: str
    rows: pl.DataFrame
    columns: tuple[str, ...]


def discrepancies_as_xlsx(overview: Overview, *, most_rows: int = MOST_SHEET_ROWS) -> bytes:
    """The report as a workbook of Excel; the same overview gives the same bytes.

    A sheet has at most `most_rows` lines; what is beyond them stands in discrepancies.csv.
    """
    file = BytesIO()
    with Workbook(file, {"in_memory": True, **_INERT}) as book:
        started = overview.provenance.run_started_at.replace(tzinfo=None)
        book.set_properties({"created": started, "title": "Tracker and manual reports"})
        _write_summary(book, overview)
        for sheet in _sheets(overview):
            _write_sheet(book, sheet, most_rows)
    return file.getvalue()


def _write_summary(book: Workbook, overview: Overview) -> None:
    page = book.add_worksheet("Answer")
    strong = book.add_format({"bold": True, "font_size": 14})
    page.write_string(0, 0, _source(overview.provenance))
    lines = [plain(one) for one in sentences(summarise_overview(overview))]
    for row, sentence in enumerate(lines, start=2):
        page.write_string(row, 0, sentence, strong if row == 2 else None)  # noqa: PLR2004  # the first
    words = pl.DataFrame(
        [(name, *words) for name, words in AGREEMENT_WORDS.items()],
        schema=["agreement", "class", "meaning"],
        orient="row",
    )
    classes = words.join(
        overview.agreements, on="agreement", how="left", validate="1:1", maintain_order="left"
    )
    columns = ("class", "meaning", "cells", "tracker_total", "manual_total")
    _write_table(book, "Answer", classes.select(columns), row=len(lines) + 3)


def _sheets(overview: Overview) -> Iterator[Sheet]:
    both = "Totals and differences are over the numbers that both gave. "
    source = _source(overview.provenance)
    yield Sheet(
        "Elements and districts",
        both + source,
        overview.elements,
        ("data_element_name", "district", *_COUNTS, *_TOTALS, "data_element"),
    )
    yield Sheet(
        "Districts by period",
        both + source,
        overview.district_months,
        ("district", "period", "period_start", *_TOTALS),
    )
    gap = "The largest gap first: how far apart the sides are, number by number, silence as 0. "
    yield Sheet(
        "Sites",
        gap + both + source,
        overview.sites,
        ("org_unit_name", "district", *_COUNTS, *_TOTALS, "distance", "org_unit"),
    )
    by_gap = overview.site_months.sort("distance", descending=True, maintain_order=True)
    yield Sheet(
        "Sites by period",
        gap + source,
        by_gap,
        ("org_unit_name", "period", "period_start", "cells", "agreeing", "distance", "org_unit"),
    )
    yield _numbers(overview, source)
    findings = "What could not be taken as it stands, and what was done with it. "
    columns = ("rule_id", "sentence", "source", "line", "observed")
    yield Sheet("Findings", findings + source, overview.findings, columns)
    yield Sheet("Where it comes from", "", _facts(overview.provenance), ("fact", "value"))


def _numbers(overview: Overview, source: str) -> Sheet:
    titles = {name: words[0] for name, words in AGREEMENT_WORDS.items()}
    named = pl.col("agreement").replace_strict(titles, return_dtype=pl.String).alias("class")
    return Sheet(
        "Numbers",
        f"The largest gap first. An empty cell: this side is silent. {source}",
        overview.cells.with_columns(named),
        (
            *("org_unit_name", "district", "period", "period_start", "data_element_name"),
            *("category_option_combo_name", "attribute_option_combo_name"),
            *("tracker_value", "manual_value", "difference", "class"),
            *("org_unit", "data_element", "category_option_combo", "attribute_option_combo"),
        ),
    )


def _source(provenance: Provenance) -> str:
    return (
        f"From run {shortened(provenance.run_id)}; "
        f"manual reports read {minute(provenance.manual_read_at)}."
    )


def _facts(provenance: Provenance) -> pl.DataFrame:
    facts = {
        "Transfer": provenance.transfer,
        "Run": provenance.run_id,
        "Run started": minute(provenance.run_started_at),
        "Tracker's numbers": "what tracker said in this run, whether it was loaded or not",
        "Analytics tables built": provenance.analytics_built,
        "Manual numbers": provenance.manual_source,
        "Manual numbers read": minute(provenance.manual_read_at),
        "Tolerance": provenance.tolerance,
        "Made by": f"Tally {provenance.tally_version}",
    }
    return pl.DataFrame(list(facts.items()), schema=["fact", "value"], orient="row")


def _write_sheet(book: Workbook, sheet: Sheet, most_rows: int) -> None:
    page = book.add_worksheet(sheet.title)
    rest = ""
    if sheet.rows.height > most_rows:
        rest = (
            f"The first {number(most_rows)} of {count(sheet.rows.height, 'line')}; "
            "discrepancies.csv holds every number. "
        )
    page.write_string(0, 0, rest + sheet.note)
    _write_table(book, sheet.title, sheet.rows.head(most_rows).select(sheet.columns), row=1)
    page.freeze_panes(2, 1)
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(1)


def _write_table(book: Workbook, title: str, rows: pl.DataFrame, *, row: int) -> None:
    """Write typed columns under their titles, with a filter on each."""
    with_texts(rows, lambda text: shortened(text, CELL_LETTERS)).rename(
        {column: _TITLES[column] for column in rows.columns}
    ).write_excel(
        book,
        title,
        position=(row, 0),
        table_style="Table Style Light 1",
        header_format={"bold": True, "text_wrap": True, "valign": "top"},
        dtype_formats=_FORMATS,
        column_widths={_TITLES[column]: _WIDTHS.get(column, _NARROW) for column in rows.columns},
    )
