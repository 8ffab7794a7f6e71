"""A CSV and a grid give the same rows; anything else is called by its name."""

import json

import pytest
from polars.testing import assert_frame_equal

from pipeline.extract.rules.grids import GridError, rows_of_csv, rows_of_grid
from pipeline.extract.rules.questions import Question
from tests.support.frames import frame

PLAIN = Question(("piMalaria01", "piMalaria02"), (), ("202609", "202610"), ("ouClinicAA1",))
BY_SEX = Question(("piMalaria01",), ("catSex00001",), ("202610",), ("ouClinicAA1",), options=2)

CSV = b"""\
Data,Period,Organisation unit,Value
piMalaria01,202610,ouClinicAA1,5.0
piMalaria02,202609,ouClinicAA1,33.07
"""
ROWS = frame("""
    program_indicator | period | org_unit    | value
    piMalaria01       | 202610 | ouClinicAA1 | 5.0
    piMalaria02       | 202609 | ouClinicAA1 | 33.07
""")


def grid(names: list[str], rows: list[list[object]], **more: object) -> bytes:
    headers = [{"name": name, "column": name.upper(), "hidden": False} for name in names]
    return json.dumps({"headers": headers, "rowContext": {}, "rows": rows, **more}).encode()


def test_a_csv_is_read_by_the_place_of_its_columns() -> None:
    assert_frame_equal(rows_of_csv(CSV, PLAIN), ROWS)


def test_a_category_has_its_column_before_the_value() -> None:
    body = b"""\
"Data",Period,Organisation unit,"Sex, as told",Value
piMalaria01,202610,ouClinicAA1,optFemale01,2
piMalaria01,202610,ouClinicAA1,optMale0001,3
"""

    assert_frame_equal(
        rows_of_csv(body, BY_SEX),
        frame("""
            program_indicator | period | org_unit    | catSex00001 | value
            piMalaria01       | 202610 | ouClinicAA1 | optFemale01 | 2
            piMalaria01       | 202610 | ouClinicAA1 | optMale0001 | 3
        """),
    )


def test_a_header_alone_is_an_answer_without_rows() -> None:
    assert_frame_equal(rows_of_csv(b"Data,Period,Organisation unit,Value\n", PLAIN), ROWS.clear())


def test_quotes_a_mark_at_the_beginning_and_windows_lines_change_nothing() -> None:
    body = b"\xef\xbb\xbf" + CSV.replace(b"piMalaria01", b'"piMalaria01"').replace(b"\n", b"\r\n")

    assert_frame_equal(rows_of_csv(body, PLAIN), ROWS)


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (b"", "not a table"),
        (b"E7128: Query result set exceeded max limit: `{0}`", "not a table: E7128"),
        (b"<!doctype html><html><title>Login</title></html>\n", "not a table: <!doctype"),
        (CSV[:-3], "middle of a line"),
        (CSV.replace(b"Period,", b""), "3 columns instead of 4"),
        (CSV.replace(b",Value", b",Sex,Value"), "5 columns instead of 4"),
        (CSV.replace(b",5.0", b""), "broken table"),
        (CSV.replace(b",33.07", b""), "lacks a cell"),
        (CSV.replace(b",5.0", b","), "lacks a cell"),
        (CSV.replace(b"5.0", b"5.0,6"), "broken table"),
    ],
)
def test_a_csv_that_is_none_is_refused(body: bytes, complaint: str) -> None:
    with pytest.raises(GridError, match=complaint):
        rows_of_csv(body, PLAIN)


def test_a_grid_is_read_by_the_names_of_its_headers() -> None:
    body = grid(
        ["dx", "ou", "pe", "value"],
        [
            ["piMalaria01", "ouClinicAA1", "202610", "5.0"],
            ["piMalaria02", "ouClinicAA1", "202609", "33.07"],
        ],
        height=2,
        metaData={"items": {"ou": {"name": 'a "quoted", name'}}},
    )

    assert_frame_equal(rows_of_grid(body, PLAIN), ROWS)


def test_a_grid_without_rows_is_an_answer_too() -> None:
    body = grid(["dx", "pe", "ou", "catSex00001", "value"], [], height=0)

    assert rows_of_grid(body, BY_SEX).shape == (0, 5)


NAMES = ["dx", "pe", "ou", "value"]
ROW: list[object] = ["piMalaria01", "202610", "ouClinicAA1", "5.0"]


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (b"", "not a grid"),
        (b"[]", "not a grid"),
        (b"[1]", "not a grid"),
        (b'{"status":"ERROR"}', "not a grid"),
        (grid(NAMES, [ROW])[:-9], "not a grid"),
        (grid(NAMES[1:], [ROW[1:]]), "columns pe, ou, value"),
        (grid([*NAMES, "value"], [[*ROW, "1"]]), "columns dx, pe, ou, value, value"),
        (grid(NAMES, [ROW], height=2), "1 rows, but the grid says 2"),
        (grid(NAMES, [ROW, ROW[1:]]), "another length"),
        (grid(NAMES, [ROW, [*ROW, "6"]]), "another length"),
        (grid(NAMES, [[*ROW[:3], None]]), "lacks a cell"),
    ],
)
def test_a_grid_that_is_none_is_refused(body: bytes, complaint: str) -> None:
    with pytest.raises(GridError, match=complaint):
        rows_of_grid(body, PLAIN)


def test_a_number_that_is_no_text_is_read_as_text() -> None:
    assert rows_of_grid(grid(NAMES, [[*ROW[:3], 5]]), PLAIN)["value"].to_list() == ["5"]
