"""Every letter says what happened, where, and what to do, and ends with its own code."""

from collections.abc import Iterator

import pytest

from pipeline.text import errors
from pipeline.text.errors import ExitCode, ServerError, TallyError


def family(kind: type[TallyError] = TallyError) -> Iterator[type[TallyError]]:
    yield kind
    for child in kind.__subclasses__():
        if child.__module__ == errors.__name__:
            yield from family(child)


CODES = {
    "TallyError": ExitCode.BUG,
    "UsageError": ExitCode.USAGE,
    "FindingsError": ExitCode.FINDINGS,
    "RefusedError": ExitCode.REFUSED,
    "UnavailableError": ExitCode.UNAVAILABLE,
    "LockedError": ExitCode.LOCKED,
    "ServerError": ExitCode.UNAVAILABLE,
    "IndicatorError": ExitCode.UNAVAILABLE,
    "TooLargeError": ExitCode.UNAVAILABLE,
    "AnswerTimeoutError": ExitCode.UNAVAILABLE,
    "AnswerLostError": ExitCode.UNAVAILABLE,
    "BarrierError": ExitCode.UNAVAILABLE,
    "LoginError": ExitCode.USAGE,
    "MovedError": ExitCode.USAGE,
    "SettingsError": ExitCode.USAGE,
    "RightsError": ExitCode.USAGE,
}


def test_every_letter_of_the_family_has_its_code() -> None:
    assert {kind.__name__: kind.exit_code for kind in family()} == CODES


def test_no_two_codes_are_one_number() -> None:
    assert len({int(code) for code in ExitCode}) == len(ExitCode)


@pytest.mark.parametrize(
    ("parts", "letter"),
    [
        ({}, "it broke"),
        ({"where": "here"}, "it broke\n  where: here"),
        ({"remedy": "mend it"}, "it broke\n  to do: mend it"),
        ({"where": "here", "remedy": "mend it"}, "it broke\n  where: here\n  to do: mend it"),
    ],
)
def test_a_letter_reads_what_where_and_what_to_do(parts: dict[str, str], letter: str) -> None:
    assert str(TallyError("it broke", **parts)) == letter


def test_a_servers_letter_knows_status_and_code() -> None:
    letter = ServerError("no", status=409, code="E7145")

    assert (letter.status, letter.code, str(letter)) == (409, "E7145", "no")
