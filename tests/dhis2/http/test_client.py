"""The door asks only what is allowed, retries reads and never writes, and tells what went wrong."""

import re
from datetime import timedelta

import httpx
import pytest

from pipeline.text.errors import (
    AnswerTimeoutError,
    ExitCode,
    ServerError,
)
from tests.dhis2.http.script import SERVER, TOKEN, Script, door, says


def test_a_read_says_who_asks_and_wants_json_and_no_login_page() -> None:
    script = Script(says(200, '{"version": "2.42.4.1"}'))

    with door(script) as client:
        told = client.get_json("system/info", [("fields", "version")])

    request = script.asked[0]
    assert told == {"version": "2.42.4.1"}
    assert str(request.url) == f"{SERVER}/api/system/info?fields=version"
    assert request.headers["authorization"] == f"ApiToken {TOKEN}"
    assert request.headers["x-requested-with"] == "XMLHttpRequest"
    assert request.headers["accept"] == "application/json"
    assert request.headers["cache-control"] == "no-cache"
    assert request.headers["accept-encoding"] == "gzip"
    assert re.fullmatch(r"tally/\d+\.\d+\.\d+", request.headers["user-agent"])


def test_long_questions_stay_short_on_the_wire() -> None:
    script = Script(says(200, "{}"))

    with door(script) as client:
        client.get_json("analytics.json", [("dimension", "dx:aa;bb"), ("filter", "ou:x&y z")])

    assert script.asked[0].url.query == b"dimension=dx:aa;bb&filter=ou:x%26y%20z"


def test_the_answer_of_analytics_is_left_to_the_caller() -> None:
    script = Script(says(200, "E7124: no dimension", kind="application/csv;charset=UTF-8"))

    with door(script) as client:
        answer = client.get_answer("analytics.csv", accept="application/csv")

    assert (answer.status, answer.content_type) == (200, "application/csv")
    assert answer.body == b"E7124: no dimension"
    assert answer.path == "/api/analytics.csv"
    assert answer.seconds >= 0
    assert script.asked[0].headers["accept"] == "application/csv"


def test_a_session_is_kept_so_that_a_server_does_not_run_out_of_them() -> None:
    script = Script(says(200, "{}", set_cookie="JSESSIONID=abc; Path=/; HttpOnly"), says(200, "{}"))

    with door(script) as client:
        client.get_json("me")
        client.get_json("me")

    assert "cookie" not in script.asked[0].headers
    assert script.asked[1].headers["cookie"] == "JSESSIONID=abc"
    assert client.requests == 2


@pytest.mark.parametrize("status", [429, 502, 503])
def test_a_busy_server_is_asked_again(status: int) -> None:
    script = Script(says(status, retry_after="1"), says(status), says(200, '{"id": 1}'))

    with door(script) as client:
        assert client.get_json("me") == {"id": 1}

    assert len(script.asked) == 3


def test_a_server_that_stays_busy_is_a_letter_after_a_few_attempts() -> None:
    script = Script(says(503, "<html><title>Maintenance</title>", kind="text/html"))

    with door(script) as client, pytest.raises(ServerError) as raised:
        client.get_json("me")

    assert len(script.asked) == 3
    assert raised.value.exit_code == ExitCode.UNAVAILABLE
    assert raised.value.status == 503
    assert str(raised.value).splitlines() == [
        "the server is busy or not ready: Maintenance",
        "  where: https://dhis2.example/dhis/api/me, status 503",
        "  to do: run the same command again later",
    ]


def test_a_server_that_asks_for_an_hour_is_not_pestered() -> None:
    script = Script(says(429, retry_after="3600"))

    with door(script) as client, pytest.raises(ServerError, match="busy"):
        client.get_json("me")

    assert len(script.asked) == 1


def test_a_transfer_may_be_told_not_to_try_again() -> None:
    script = Script(says(503))

    with door(script, retry_budget=timedelta(0)) as client, pytest.raises(ServerError):
        client.get_json("me")

    assert len(script.asked) == 1


@pytest.mark.parametrize(
    ("fault", "kind", "what"),
    [
        (httpx.ConnectError("x"), ServerError, "cannot be reached"),
        (httpx.ConnectTimeout("x"), ServerError, "cannot be reached"),
        (httpx.ReadError("x"), ServerError, "or broke off (ReadError)"),
        (httpx.RemoteProtocolError("x"), ServerError, "or broke off (RemoteProtocolError)"),
        (httpx.ReadTimeout("x"), AnswerTimeoutError, "said nothing for 300 seconds"),
    ],
)
def test_a_read_that_breaks_is_tried_again_then_told(
    fault: Exception, kind: type[ServerError], what: str
) -> None:
    script = Script(fault)

    with door(script) as client, pytest.raises(kind) as raised:
        client.get_json("me")

    assert len(script.asked) == 3
    assert what in raised.value.what
    assert raised.value.status == 0
