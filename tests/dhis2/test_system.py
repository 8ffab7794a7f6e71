"""A server says what it is, and who is logged in; what it does not say is not made up."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.dhis2.system import (
    NEVER,
    analytics_age,
    clock_difference,
    read_account,
    read_system,
)
from pipeline.text.errors import ServerError, UsageError
from schemas.server import SystemInfo
from tests.dhis2.http.script import SERVER, Said, Script, door, says


def info(**said: object) -> SystemInfo:
    told = says(200, json.dumps({"version": "2.42.4.1"} | said))
    with door(Script(told, says(404))) as client:
        return read_system(client)


def test_a_version_is_read_as_numbers_and_tells_how_a_server_imports() -> None:
    assert info(version="2.42.4.1").number == (2, 42, 4, 1)
    assert not info(version="2.42.4.1").is_new_engine
    assert info(version="2.44-SNAPSHOT").is_new_engine
    assert info(version="2.43.1").inverts_input_periods
    assert not info(version="2.43.2").inverts_input_periods


@pytest.mark.parametrize("version", ["2.38.9", "", "nonsense"])
def test_a_server_older_than_we_know_is_refused(version: str) -> None:
    with pytest.raises(UsageError, match="the server is DHIS2"):
        info(version=version)


@pytest.mark.parametrize("calendar", ["nepali", "Ethiopian", "thai", "persian"])
def test_a_server_with_another_calendar_is_refused(calendar: str) -> None:
    with pytest.raises(UsageError, match=f"the server uses the {calendar.lower()} calendar"):
        info(calendar=calendar)


@pytest.mark.parametrize("calendar", ["iso8601", "gregorian", "ISO8601"])
def test_iso_and_gregorian_are_one(calendar: str) -> None:
    assert info(calendar=calendar).has_iso_calendar


def test_what_a_server_does_not_say_is_empty() -> None:
    told = info()

    assert (told.system_id, told.calendar, told.now) == ("", "iso8601", NEVER)
    assert analytics_age(told) is None


ID = "6f1de2aa-0c2e-4d57-9f0e-3b1f6a2c77d1"


@pytest.mark.parametrize(
    ("answer", "system_id"),
    [
        (says(200, ID), ID),
        (says(200, f'"{ID}"'), ID),
        (says(200, f"{ID}\n", kind="text/plain"), ID),
        (says(200, "<html><title>Home</title></html>", kind="text/html"), ""),
        (says(200, ""), ""),
        (says(403, '{"httpStatusCode": 403, "message": "Access is denied"}'), ""),
        (says(403, "<html></html>", kind="text/html"), ""),
        (says(404), ""),
    ],
)
def test_a_system_id_that_the_info_lacks_is_read_where_it_is_configured(
    answer: Said, system_id: str
) -> None:
    script = Script(says(200, '{"version": "2.43.0"}'), answer)

    with door(script) as client:
        assert read_system(client).system_id == system_id

    assert script.asked[1].url.path == "/dhis/api/configuration/systemId"


@pytest.mark.parametrize(
    ("built", "age"),
    [
        ("2026-11-30T01:00:00.000", timedelta(hours=5)),
        ("1970-01-01T00:00:00.000", None),
        (None, None),
    ],
)
def test_the_age_of_analytics_is_told_by_the_servers_own_clock(
    built: str | None, age: timedelta | None
) -> None:
    told = info(serverDate="2026-11-30T06:00:00.000", lastAnalyticsTableSuccess=built)

    assert analytics_age(told) == age


@pytest.mark.parametrize("member", ["serverDate", "lastAnalyticsTableSuccess"])
def test_a_date_that_is_none_is_a_letter_that_quotes_it(member: str) -> None:
    with pytest.raises(ServerError) as raised:
        info(**{member: "yesterday"})

    assert f"'yesterday' as its {member}, which is no date" in raised.value.what
    assert raised.value.where == f"{SERVER}/api/system/info"


def test_a_zone_that_is_written_in_a_date_is_the_servers_own() -> None:
    assert info(serverDate="2026-11-30T06:00:00.000+0200").now == datetime(2026, 11, 30, 6)  # noqa: DTZ001  # a server's clock has no zone


def test_a_clock_is_judged_in_its_zone_and_by_the_minutes_where_it_has_none() -> None:
    now = datetime(2026, 11, 30, 6, 0, tzinfo=UTC)
    maputo = info(serverDate="2026-11-30T08:01:00.000", serverTimeZoneId="Africa/Maputo")
    nowhere = info(serverDate="2026-11-30T11:46:00.000", serverTimeZoneId="Nowhere/Land")

    assert clock_difference(maputo, now) == 60.0
    assert clock_difference(nowhere, now) == 60.0


def test_an_account_without_a_view_of_its_own_sees_what_it_captures() -> None:
    me = {"username": "tally", "authorities": ["ALL"], "organisationUnits": [{"id": "ouB"}]}
    with door(Script(says(200, json.dumps(me)))) as client:
        account = read_account(client)

    assert (account.capture_roots, account.view_roots) == (("ouB",), ("ouB",))
    assert account.may("F_DATAVALUE_ADD")
