"""What a server and an account are is told by what they said of themselves."""

from datetime import datetime

import pytest

from schemas.server import Account, SystemInfo

NOON = datetime(2026, 11, 20, 12)  # noqa: DTZ001  # a server's clock has no zone


def info(version: str, calendar: str = "iso8601") -> SystemInfo:
    return SystemInfo(version, calendar, "here", NOON, None)


def account(*authorities: str, capture: str = "", view: str = "") -> Account:
    return Account("tally", frozenset(authorities), tuple(capture.split()), tuple(view.split()))


@pytest.mark.parametrize(
    ("version", "number", "is_new", "inverts"),
    [
        ("2.39.10", (2, 39, 10), False, False),
        ("2.42.4.1", (2, 42, 4, 1), False, False),
        ("2.43.0", (2, 43, 0), True, True),
        ("2.43.1-rc2", (2, 43, 1), True, True),
        ("2.43.2", (2, 43, 2), True, False),
        ("2.44-SNAPSHOT", (2, 44), True, False),
        ("3.0", (3, 0), True, False),
        ("", (), False, False),
        ("master", (), False, False),
    ],
)
def test_a_version_tells_the_engine_and_its_faults(
    version: str, number: tuple[int, ...], *, is_new: bool, inverts: bool
) -> None:
    told = info(version)

    assert told.number == number
    assert (told.is_new_engine, told.inverts_input_periods) == (is_new, inverts)


@pytest.mark.parametrize(
    ("calendar", "is_iso"), [("iso8601", True), ("gregorian", True), ("ethiopian", False)]
)
def test_periods_are_counted_in_two_calendars(calendar: str, *, is_iso: bool) -> None:
    assert info("2.42.0", calendar).has_iso_calendar is is_iso


def test_values_are_read_below_the_capture_tree_and_else_below_what_may_be_seen() -> None:
    assert account(capture="ouB ouA", view="ouCountry01").reading_roots == ["ouA", "ouB"]
    assert account(view="ouCountry01").reading_roots == ["ouCountry01"]
    assert account().reading_roots == []


def test_an_authority_is_held_by_name_or_by_having_all() -> None:
    assert account("F_DATAVALUE_ADD").may("F_DATAVALUE_ADD")
    assert account("ALL").may("F_DATAVALUE_ADD")
    assert not account("F_DATAVALUE_DELETE").may("F_DATAVALUE_ADD")
