"""An address may be written in many ways, and no password goes to an unsafe or foreign one."""

from datetime import timedelta

import pytest

from pipeline.config.sections import Server
from pipeline.dhis2.access.connections import Connection, find_connection
from pipeline.dhis2.access.credentials import Credentials
from pipeline.text.errors import UsageError

WHO = Credentials(token="d2p_Canary")
HERE = {"TALLY_SOURCE_PAT": "d2p_Canary"}


@pytest.mark.parametrize(
    ("written", "base"),
    [
        ("https://dhis2.example", "https://dhis2.example"),
        ("https://dhis2.example/", "https://dhis2.example"),
        ("https://dhis2.example/api", "https://dhis2.example"),
        ("https://dhis2.example/api/", "https://dhis2.example"),
        ("https://dhis2.example/api/42", "https://dhis2.example"),
        ("https://dhis2.example/dhis", "https://dhis2.example/dhis"),
        ("https://dhis2.example/dhis/api//", "https://dhis2.example/dhis"),
        ("https://dhis2.example/apiary", "https://dhis2.example/apiary"),
        (" https://DHIS2.example:8443/Dhis/ ", "https://dhis2.example:8443/Dhis"),
        ("http://localhost:8080/dhis", "http://localhost:8080/dhis"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://[::1]:8080/api", "http://[::1]:8080"),
    ],
)
def test_addresses_are_written_in_many_ways(written: str, base: str) -> None:
    assert Connection(written, WHO).base == base


@pytest.mark.parametrize(
    ("written", "what"),
    [
        ("dhis2.example", "must begin with https://"),
        ("ftp://dhis2.example", "must begin with https://"),
        ("https://", "must begin with https://"),
        ("https:///dhis", "must begin with https://"),
        ("https://dhis2.example:door", "must begin with https://"),
        ("https://[::1", "must begin with https://"),
        ("https://dhis2 .example", "must begin with https://"),
        ("https://dhis2.example/?token=CANARY", "ends with its path"),
        ("https://dhis2.example/#CANARY", "ends with its path"),
        ("https://dhis2.example/a%2Fb", "ends with its path"),
        ("https://admin:CANARY@dhis2.example", "must not hold a username or password"),
        ("https://CANARY@dhis2.example", "must not hold a username or password"),
        ("https://admin:CA/NARY@dhis2.example", "must not hold a username or password"),
        ("http://dhis2.example", "plain http"),
        ("http://10.0.0.1", "plain http"),
        ("http://127.0.0.1.dhis2.example", "plain http"),
    ],
)
def test_an_unsafe_address_is_refused_without_repeating_it(written: str, what: str) -> None:
    with pytest.raises(UsageError, match=what) as raised:
        _ = Connection(written, WHO).base

    assert "CANARY" not in str(raised.value)


def test_plain_http_beyond_this_machine_must_be_allowed() -> None:
    allowed = Connection("http://10.0.0.1/dhis", WHO, allow_insecure=True)

    assert allowed.base == "http://10.0.0.1/dhis"


def test_a_transfer_says_how_its_servers_are_reached() -> None:
    server = Server(
        url="https://dhis2.example/api",
        ca_bundle="authority.pem",
        read_timeout="90s",
        retry_budget="1m",
        max_answer_mebibytes=2,
    )

    assert find_connection("source", server, HERE) == Connection(
        url="https://dhis2.example/api",
        credentials=WHO,
        ca_bundle="authority.pem",
        read_timeout=timedelta(seconds=90),
        retry_budget=timedelta(seconds=60),
        max_answer_bytes=2 * 2**20,
    )


def test_an_address_may_come_from_the_environment() -> None:
    environment = HERE | {"TALLY_SOURCE_URL": "https://dhis2.example"}

    assert find_connection("source", Server(), environment).base == "https://dhis2.example"


def test_a_missing_address_is_asked_for() -> None:
    with pytest.raises(UsageError, match="no address for the source") as raised:
        find_connection("source", Server(), HERE)

    assert "TALLY_SOURCE_URL" in raised.value.remedy


def test_credentials_for_one_server_are_not_sent_to_another() -> None:
    environment = {"DHIS2_PAT": "d2p_Canary", "DHIS2_URL": "https://training.example"}
    same = Server(url="https://TRAINING.example/api/")

    assert find_connection("source", same, environment).base == "https://training.example"
    with pytest.raises(UsageError, match="for another address") as raised:
        find_connection("source", Server(url="https://national.example"), environment)

    assert raised.value.where == "https://training.example and https://national.example"


def test_no_text_of_a_connection_shows_a_secret() -> None:
    assert "Canary" not in repr(Connection("https://dhis2.example", WHO))
