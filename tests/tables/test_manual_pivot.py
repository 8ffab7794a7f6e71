"""Columns of months or elements are read where each is one without doubt, else named."""

from pathlib import Path

import pytest

from pipeline.tables.manual_file import read_rows
from pipeline.text.errors import UsageError

ELEMENTS = {"Tests", "Cases, all"}
UNIT, OTHER = "uZ1g7Z5eK3s", "BERlqqjtcWP"


def rows(content: str) -> list[tuple[int, str, str, str, str]]:
    """Give line, element, period, unit and number of what a CSV holds."""
    told = read_rows(content.encode(), Path("paper.csv"), ELEMENTS)
    assert told.ragged.is_empty()
    columns = ("line", "manual_data_element", "written_period", "written_unit", "written")
    return told.rows.select(columns).rows()


def letter_of(content: str) -> UsageError:
    with pytest.raises(UsageError) as told:
        read_rows(content.encode(), Path("paper.csv"), ELEMENTS)
    assert told.value.where == "paper.csv:1"
    return told.value


@pytest.mark.parametrize(
    ("first", "second"),
    [("August 2026", "Sep-26"), ("août 2026", "setembro 2026"), ("202608", "202609")],
)
def test_columns_of_months_are_read_beside_a_column_of_elements(first: str, second: str) -> None:
    content = f"data_element,orgunitlevel2,org_unit,{first},{second}\nTests,North,{UNIT},1,\n"

    assert rows(content) == [(2, "Tests", first, UNIT, "1"), (2, "Tests", second, UNIT, "")]


def test_columns_of_elements_are_read_beside_a_column_of_periods() -> None:
    content = (
        "organisationunitid,organisationunitname,organisationunitcode,organisationunitdescription,"
        'periodid,periodname,periodcode,perioddescription,Tests,"Cases, all"\n'
        f"{UNIT},Arvène,A1,,202610,October 2026,202610,,3,4\n"
    )

    assert rows(content) == [
        (2, "Tests", "202610", UNIT, "3"),
        (2, "Cases, all", "202610", UNIT, "4"),
    ]


@pytest.mark.parametrize(
    ("header", "named"),
    [
        ("organisationunitname,August 2026,September 2026", "'August 2026', 'September 2026'"),
        ("data_element,org_unit,August 2026,202608", "'August 2026', '202608'"),
        ("data_element,org_unit,August 2026,Total", "'August 2026', 'Total'"),
        ("period,org_unit,Tests,Deaths", "'Tests', 'Deaths'"),
        ("period,org_unit,Tests Male,Tests Female", "'Tests Male', 'Tests Female'"),
        ("data_element,period,org_unit,Male,Female", "'Male', 'Female'"),
        ("data_element,period,August 2026,September 2026", "'August 2026'"),
        ("data_element,org_unit,August 2026,,202610", "'August 2026', '202610'"),
        ("org_unit,Tests,,Cases,", "'Tests', 'Cases'"),
        (",,August 2026,August 2026", "'August 2026', 'August 2026'"),
    ],
)
def test_columns_that_leave_a_doubt_are_named_with_the_way_to_unpivot(
    header: str, named: str
) -> None:
    letter = letter_of(f"{header}\na,b,1,2\n")

    assert named in letter.what
    assert "Unpivot Other Columns" in letter.remedy


def test_a_file_without_a_header_is_told_what_to_write_above() -> None:
    letter = letter_of(f"{OTHER},202610,{UNIT},HllvX50cXC0,HllvX50cXC0,3\n")

    assert "has no header" in letter.what
    assert "dataelement,period,orgunit" in letter.remedy


@pytest.mark.parametrize(
    "header",
    [
        "dx,pe,ou,value",
        "data_element_id,period,organisation_unit_id,value",
        "dataid,periodid,organisationunitid,value",
        "dataElementUid,periodId,organisationUnitCode,Value",
    ],
)
def test_tools_around_dhis2_have_names_of_their_own(header: str) -> None:
    assert rows(f"{header}\nTests,202610,{UNIT},3\n") == [(2, "Tests", "202610", UNIT, "3")]


def test_combos_have_their_short_names_too() -> None:
    content = f"dx,pe,ou,co,aoc,value\nTests,202610,{UNIT},male,partner,3\n"

    read = read_rows(content.encode(), Path("paper.csv")).rows

    combos = ("manual_category_option_combo", "manual_attribute_option_combo")
    assert read.select(combos).rows() == [("male", "partner")]


def test_an_id_is_read_rather_than_a_name_and_two_ids_are_refused() -> None:
    header = "dx,orgunitname,orgunit,pe,value"

    assert rows(f"{header}\nTests,Arvène,{UNIT},202610,3\n") == [(2, "Tests", "202610", UNIT, "3")]
    assert "twice" in letter_of(f"{header},ou\n").what


@pytest.mark.parametrize("index", ["", "Unnamed: 0", '""'])
def test_the_index_of_pandas_and_the_row_names_of_r_are_not_read(index: str) -> None:
    content = f"{index},data_element,period,org_unit,value\n0,Tests,202610.0,{UNIT},3.0\n"

    assert rows(content) == [(2, "Tests", "202610.0", UNIT, "3.0")]


EXPORT = (
    "dataelement,period,orgunit,categoryoptioncombo,attributeoptioncombo,value,storedby,"
    "lastupdated,comment,followup,deleted\n"
)


@pytest.mark.parametrize("comment", ["", '"late, by phone"'])
def test_an_export_of_dhis2_may_lack_the_last_field(comment: str) -> None:
    content = f"{EXPORT}Tests,202610,{UNIT},,,3,clerk,2026-11-02,{comment},false\n"

    assert rows(content) == [(2, "Tests", "202610", UNIT, "3")]


def test_a_row_of_an_export_that_lacks_more_is_told() -> None:
    told = read_rows(f"{EXPORT}Tests,202610,{UNIT},,,3\n".encode(), Path("paper.csv"))

    assert told.rows.is_empty()
    assert told.ragged["line"].to_list() == [2]
