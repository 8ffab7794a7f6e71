"""Letters that nobody sees change no id, and an id that became a number is told as such."""

from datetime import date
from pathlib import Path

import pytest

from pipeline.tables import read_decisions, read_mapping, read_sites
from pipeline.text.errors import UsageError

A, B = "uZ1g7Z5eK3s", "BERlqqjtcWP"
CELL = "data_element,period,org_unit,category_option_combo,attribute_option_combo"


def wide(text: str) -> str:
    """Write a text in full-width letters."""
    return "".join(chr(ord(letter) + 0xFEE0) for letter in text)


@pytest.mark.parametrize(
    "written",
    [f"\u200b{A}", f"{A[:4]}\u00ad{A[4:]}", f"{A}\u00a0", f"'{A}", wide(A), f"\ufeff{A}\u2060"],
    ids=["zero width", "soft hyphen", "no-break", "apostrophe", "full width", "mark"],
)
def test_an_id_is_the_same_in_every_table(tmp_path: Path, written: str) -> None:
    (tmp_path / "data_elements.csv").write_text(
        f"program_indicator,data\u200b_element\n{written},{written}\n"
    )
    (tmp_path / "org_units.csv").write_text(
        f"source_org_unit,target_org_unit\n{written},{written}\n"
    )
    (tmp_path / "sites.csv").write_text(f"org_unit,reports\n{written},\u00a0Manual\u200b\n")
    (tmp_path / "decisions.csv").write_text(
        f"{CELL},decision,decided_by,why,until\n"
        f"{written},202610,{written},,,leave\u200b,Ama,asked,2027-01-31\n"
    )

    tables = read_mapping(tmp_path)

    assert tables.data_elements.select("program_indicator", "data_element").row(0) == (A, A)
    assert tables.org_units.select("source_org_unit", "target_org_unit").row(0) == (A, A)
    assert read_sites(tmp_path).select("org_unit", "reports").row(0) == (A, "manual")
    decided = read_decisions(tmp_path, date(2026, 12, 1)).standing
    assert decided.select("data_element", "org_unit", "decision").row(0) == (A, A, "leave")


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("1.23457E+10", "a spreadsheet rounded it"),
        ("1234567", "may have taken zeros from its front"),
        ("12345678901.0", "put .0 behind it"),
    ],
)
def test_an_id_that_a_spreadsheet_changed_is_refused_with_what_happened(
    tmp_path: Path, written: str, says: str
) -> None:
    path = tmp_path / "sites.csv"
    path.write_text(f"org_unit,reports\n{B},manual\n{written},manual\n")

    with pytest.raises(UsageError) as told:
        read_sites(tmp_path)

    assert f"{path}:3: org_unit: '{written}' is not a UID" in told.value.where
    assert says in told.value.where


def test_one_id_written_in_two_ways_stands_twice(tmp_path: Path) -> None:
    (tmp_path / "data_elements.csv").write_text(f"program_indicator,data_element\n{A},{A}\n")
    (tmp_path / "org_units.csv").write_text(
        f"source_org_unit,target_org_unit\n{A},{A}\n\u200b{A},{B}\n"
    )

    with pytest.raises(UsageError, match=r"org_units\.csv has"):
        read_mapping(tmp_path)
