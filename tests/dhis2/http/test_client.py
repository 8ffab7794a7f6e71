"""The door asks only what is allowed, retries reads and never writes, and tells what went wrong."""

import re
from datetime import timedelta

import httpx
import pytest

from pipeline.text.errors import (
    AnswerLostError,
    AnswerTimeoutError,
    ExitCode,
    LoginError,
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


OVER = (
    "This session has been expired (possibly due to multiple concurrent logins being attempted "
    "as the same user)."
)


def test_a_session_that_ended_is_left_and_the_question_asked_once_more() -> None:
    began = says(200, "{}", set_cookie="JSESSIONID=abc; Path=/; HttpOnly")
    script = Script(began, says(200, OVER, kind="text/plain"), says(200, '{"id": 1}'))

    with door(script) as client:
        client.get_json("me")
        assert client.get_json("me") == {"id": 1}

    assert [one.headers.get("cookie") for one in script.asked] == [None, "JSESSIONID=abc", None]


def test_a_session_that_ends_at_once_is_a_letter_about_sessions() -> None:
    script = Script(says(200, OVER, kind=""))

    with door(script) as client, pytest.raises(LoginError, match="ended the session twice"):
        client.get_answer("analytics.csv")

    assert len(script.asked) == 2


def test_a_write_that_met_an_ended_session_is_unknown_and_not_sent_again() -> None:
    script = Script(says(200, OVER, kind="text/plain"))

    with door(script) as client, pytest.raises(AnswerLostError, match="had ended the session"):
        client.post_json("dataValueSets", b"{}")

    assert len(script.asked) == 1


def test_a_table_whose_cells_speak_of_sessions_is_a_table() -> None:
    table = "dataelement,comment\nde,the session has expired\n"
    script = Script(says(200, table, kind="application/csv"))

    with door(script) as client:
        assert client.get_answer("dataValueSets.csv").body == table.encode()


def test_a_server_that_fails_at_the_first_sight_of_a_token_is_asked_once_more() -> None:
    script = Script(says(500, "{}"), says(200, '{"id": 1}'), says(500, "{}"))

    with door(script) as client:
        assert client.get_json("me") == {"id": 1}
        with pytest.raises(ServerError, match="the server failed"):
            client.get_json("me")

    assert len(script.asked) == 3
