"""Answers come as text, and leave as CSV without formulas or as JSON with numbers."""

import json

import pytest

from pipeline.report.answers import (
    ColumnKind,
    plain_number,
    rows_as_csv,
    rows_as_json,
    with_plain_numbers,
)
from tests.support.frames import frame

KINDS: dict[str, ColumnKind] = {
    "site": "text",
    "value": "double",
    "open": "truth",
    "levels": "nested",
}
ROWS = frame(
    """
    site     | value | open  | levels
    =cmd|    | -5    | true  | [1,2]
    -5       | nan   | false | -
    @Clinic  | -     | -     | {"a":1}
""".replace("=cmd|", "=cmd")
)


@pytest.mark.parametrize(
    ("told", "plain"),
    [
        ("12.0", "12"),
        ("-5", "-5"),
        ("0.5", "0.5"),
        ("1e+20", "100000000000000000000"),
        ("-1.5e-07", "-0.00000015"),
        ("100", "100"),
        ("390.45000000000005", "390.45"),
        ("-0.1", "-0.1"),
        ("123456789012345.0", "123456789012345"),
        ("1e+15", "1000000000000000"),
        ("0.0", "0"),
        ("nan", "nan"),
        ("-inf", "-inf"),
    ],
)
def test_a_number_is_written_as_people_do(told: str, plain: str) -> None:
    assert plain_number(told) == plain


def test_only_numbers_are_rewritten() -> None:
    told = frame("""
        site  | value | exact
        1.0   | 1.0   | 1.50
        1e+20 | 1e+20 | 12345678901234567890
        -     | -     | -
    """)

    plain = with_plain_numbers(told, {"site": "text", "value": "double", "exact": "number"})

    assert plain.rows() == [
        ("1.0", "1", "1.50"),
        ("1e+20", "1" + "0" * 20, "12345678901234567890"),
        (None, None, None),
    ]


def test_in_csv_nothing_is_a_formula_and_a_number_stays_one() -> None:
    assert rows_as_csv(ROWS, KINDS, header=True).splitlines() == [
        "site,value,open,levels",
        '\'=cmd,-5,true,"[1,2]"',
        "-5,nan,false,",
        '\'@Clinic,,,"{""a"":1}"',
    ]


def test_a_name_of_a_column_is_no_formula_either() -> None:
    rows = ROWS.select("site").rename({"site": "=1+1"})

    assert rows_as_csv(rows, {"=1+1": "text"}, header=True).splitlines()[0] == "'=1+1"
    assert rows_as_csv(rows, {"=1+1": "text"}, header=False).splitlines()[0] == "'=cmd"


def test_in_json_numbers_are_numbers_and_silence_is_null() -> None:
    assert [json.loads(row) for row in rows_as_json(ROWS, KINDS)] == [
        {"site": "=cmd", "value": -5, "open": True, "levels": [1, 2]},
        {"site": "-5", "value": None, "open": False, "levels": None},
        {"site": "@Clinic", "value": None, "open": None, "levels": {"a": 1}},
    ]
