"""No password goes to an unsafe or foreign address."""

from datetime import timedelta

import pytest

from pipeline.config.sections import Server
from pipeline.dhis2.access.connections import Connection, find_connection
from pipeline.dhis2.access.credentials import Credentials
from pipeline.text.errors import UsageError

WHO = Credentials(token="d2p_Canary")
HERE = {"TALLY_SOURCE_PAT": "d2p_Canary"}


@pytest.mark.parametrize(
    "written", ["http://dhis2.example", "HTTP://10.0.0.1", "http://127.0.0.1.dhis2.example"]
)
def test_plain_http_is_refused(written: str) -> None:
    with pytest.raises(UsageError, match="plain http"):
        _ = Connection(written, WHO).base


@pytest.mark.parametrize("written", ["http://localhost", "http://127.0.0.1/x", "http://[::1]:80"])
def test_plain_http_may_lead_back_to_this_machine(written: str) -> None:
    assert Connection(written, WHO).base.startswith("http://")


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
