"""Indicators that cannot be run are told by what the server says, with the way out."""

import pytest

from pipeline.text.errors import ServerError
from pipeline.verify.rules.indicators import MOST_ROWS, failing_findings, periods_to_ask
from tests.support.frames import frame

INDICATORS = frame("""
    id    | name       | program_name
    pi_a  | Cases      | Malaria
    pi_b  | Mean age   | Malaria
    pi_c  | Share      | -
    pi_d  | Deaths     | Births
""")


def test_each_thing_that_a_server_says_is_one_finding_with_its_indicators() -> None:
    by_zero = ServerError("divided by zero (E7132)", code="E7132")
    syntax = ServerError("a syntax error (E7145)", code="E7145")
    failing = {
        "pi_a": syntax,
        "pi_b": by_zero,
        "pi_c": by_zero,
        "pi_d": ServerError("no such table (E7144)", code="E7144"),
    }

    told = [
        (one.finding_id, one.severity, one.where) for one in failing_findings(failing, INDICATORS)
    ]

    assert told == [
        ("indicator-divides-by-zero", "error", "Mean age (pi_b) of program Malaria, Share (pi_c)"),
        ("program-without-table", "error", "Deaths (pi_d) of program Births"),
        ("indicator-fails", "error", "Cases (pi_a) of program Malaria"),
    ]


@pytest.mark.parametrize(
    ("org_units", "asked"),
    [
        (1, ["202612", "202610", "202611"]),
        (MOST_ROWS // 2, ["202612", "202611"]),
        (MOST_ROWS * 3, ["202612"]),
        (0, ["202612", "202610", "202611"]),
    ],
)
def test_a_large_transfer_is_asked_for_its_newest_periods(org_units: int, asked: list[str]) -> None:
    assert periods_to_ask(["202612", "202610", "202611"], org_units) == asked
