"""A letter about one indicator names it, and its program."""

import pytest

from pipeline.extract.rules.letters import named_letter
from pipeline.text.errors import ExitCode, IndicatorError
from tests.support.frames import frame

INDICATORS = frame("""
    id   | name  | program | program_name
    pi_a | Cases | pr_m    | Malaria
    pi_b | pi_b  | -       | -
""")


@pytest.mark.parametrize(
    ("indicator", "called"),
    [
        ("pi_a", "program indicator Cases (pi_a) of program Malaria (pr_m) cannot be asked"),
        ("pi_b", "program indicator pi_b of program that the server does not tell cannot be asked"),
    ],
)
def test_the_indicator_and_its_program_are_named(indicator: str, called: str) -> None:
    said = IndicatorError("no such table (E7144)", code="E7144", status=409, indicator=indicator)

    letter = named_letter(said, INDICATORS)

    assert letter.what.startswith(called)
    assert letter.what.endswith("no such table (E7144)")
    assert 'on_broken = "hold"' in letter.remedy
    assert (letter.code, letter.exit_code) == ("E7144", ExitCode.UNAVAILABLE)
