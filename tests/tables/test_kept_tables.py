"""Tables are read as people bring them; what is not sure is told with its line, never left out."""

from datetime import date
from pathlib import Path

import pytest

from pipeline.tables import read_decisions, read_mapping, read_sites
from pipeline.text.errors import UsageError
from tests.tables.test_workbook import workbook

A, B = "uZ1g7Z5eK3s", "BERlqqjtcWP"
SITES = ("org_unit", "data_element", "data_set", "reports", "from_period", "to_period", "favour")
MAPPING = "program_indicator,data_element,category_option_combo,data_set\n"
DECISIONS = (
    "data_element,period,org_unit,category_option_combo,attribute_option_combo,"
    "decision,decided_by,why,until\n"
)


def put(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def letter(folder: Path, name: str, content: str | bytes) -> UsageError:
    put(folder, name, content)
    with pytest.raises(UsageError) as told:
        read_sites(folder)
    return told.value


@pytest.mark.parametrize(
    "content",
    [
        (
            f'{",".join(SITES)},org_unit_name\n{A},,,manual,202605,,,Novo"yal Centre\n'
            f"{B},,,both,,,tracker,\n"
        ),
        f"{';'.join(SITES)}\r\n{A};;;manual;202605;;\r\n{B};;;both;;;tracker\r\n",
        f"sep=;\n{';'.join(SITES)}\n{A};;;manual;202605;;\n;;;;;;\n{B};;;both;;;tracker;;;\n",
        f"\n\n{','.join(SITES)}\n{A},,,manual,202605,,\n\n{B},,,both,,,tracker\n",
        (
            "Org Unit\tData-Element\tData_Set\tREPORTS\t from_period\tto period\tfavour\n"
            f"{A}\t\t\tmanual\t202605\t\t\n{B}\t\t\tboth\t\t\ttracker"
        ),
        f"{','.join(SITES)}\r{A},,,manual,202605,,\r{B},,,both,,,tracker\r".encode("utf-16"),
        f'\ufeff{",".join(SITES)}\n"{A}", ,,"manual",202605,,\n{B},,,both,,,tracker\n',
    ],
    ids=["stray quote", "semicolons", "sep", "blank lines", "tabs", "utf-16, cr", "mark"],
)
def test_a_register_in_any_manner_says_the_same(tmp_path: Path, content: str | bytes) -> None:
    put(tmp_path, "sites.csv", content)

    columns = ("org_unit", "reports", "from_period", "favour")
    assert read_sites(tmp_path).select(columns).rows() == [
        (A, "manual", "202605", ""),
        (B, "both", "", "tracker"),
    ]


@pytest.mark.parametrize("name", ["sites.xlsx", "sites.XLSX"])
def test_a_register_may_be_a_workbook(tmp_path: Path, name: str) -> None:
    rows: list[list[object]] = [[], [*SITES], [A, "", "", "manual", 202605, "", ""]]
    put(tmp_path, name, workbook(rows))

    assert read_sites(tmp_path).select("line", "org_unit", "from_period").rows() == [
        (3, A, "202605")
    ]


def test_decisions_may_be_a_workbook_with_days_as_the_sheet_means_them(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        DECISIONS.strip().split(","),
        [A, 202605, B, "", "", "leave", "Ama", "asked", date(2027, 1, 31)],
    ]
    put(tmp_path, "decisions.xlsx", workbook(rows))

    decisions = read_decisions(tmp_path, date(2026, 11, 30))

    assert decisions.standing.select("period", "until").rows() == [("202605", date(2027, 1, 31))]


@pytest.mark.parametrize("month", ["202605", "May-26", "2026-05", "mai 2026", "202605.0"])
def test_a_month_may_be_written_as_people_write_it(tmp_path: Path, month: str) -> None:
    put(tmp_path, "sites.csv", f"org_unit,reports,from_period\n{A},manual,{month}\n")

    assert read_sites(tmp_path)["from_period"].to_list() == ["202605"]
    assert read_sites(tmp_path)["first_day"].to_list() == [date(2026, 5, 1)]


@pytest.mark.parametrize("written", ["01/02/2026", "46296", "20261", "W54 2026", "soon"])
def test_a_period_that_leaves_a_doubt_is_a_mistake_with_its_line(
    tmp_path: Path, written: str
) -> None:
    told = letter(tmp_path, "sites.csv", f"org_unit,reports,from_period\n{A},manual,{written}\n")

    assert "sites.csv:2: " in told.where
    assert written in told.where


@pytest.mark.parametrize("written", ["W53 2026", "2026-W53", "Week 53 2026"])
def test_a_week_may_be_written_as_people_write_it(tmp_path: Path, written: str) -> None:
    put(tmp_path, "sites.csv", f"org_unit,reports,from_period\n{A},manual,{written}\n")

    assert read_sites(tmp_path)["from_period"].to_list() == ["2026W53"]


def test_a_row_that_ends_early_is_no_default_combo(tmp_path: Path) -> None:
    put(tmp_path, "data_elements.csv", f"{MAPPING}VCEmvfwhKlQ,B9WippqRBcY\nVCEmvfwhKlQ,{A},{B},\n")

    with pytest.raises(UsageError, match="has 1 mistake") as told:
        read_mapping(tmp_path)
    assert told.value.where.endswith(
        "data_elements.csv:2: the row has another number of fields than the header: 2, not 4"
    )


def test_a_decision_whose_row_ends_early_is_not_waiting(tmp_path: Path) -> None:
    put(tmp_path, "decisions.csv", f"{DECISIONS}{A},202605,{B},,\n")

    with pytest.raises(UsageError, match="has 1 mistake"):
        read_decisions(tmp_path, date(2026, 11, 30))


def test_lines_are_counted_through_quoted_line_breaks(tmp_path: Path) -> None:
    text = f'{",".join(SITES)},note\n{A},,,manual,,,,"a\nremark"\n\n{B},,,nobody,,,,\n'

    assert "sites.csv:5: reports: 'nobody'" in letter(tmp_path, "sites.csv", text).where


def test_titles_above_the_header_are_told_with_the_line_of_the_header(tmp_path: Path) -> None:
    found = letter(tmp_path, "sites.csv", f"Our sites;;\n\n{';'.join(SITES)}\n{A};;;manual;;;\n")

    assert "its header, which seems to be line 3" in found.what
    assert found.where.endswith("sites.csv:3")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "empty, it has not even a header"),
        (f"{','.join(SITES)},reports\n", "column reports twice"),
        ("org_unit,reports,colour\n", "unknown column colour"),
        ("org_unit;colour\n", "no column reports"),
        ("org_unit,reports\n\xe9".encode("latin-1"), "not written in UTF-8"),
    ],
)
def test_a_table_that_is_none_is_a_letter(tmp_path: Path, text: str | bytes, what: str) -> None:
    assert what in letter(tmp_path, "sites.csv", text).what


def test_two_tables_of_one_name_are_refused_whatever_their_endings(tmp_path: Path) -> None:
    put(tmp_path, "sites.XLSX", b"")

    assert "there are two site registers" in letter(tmp_path, "sites.csv", b"").what
