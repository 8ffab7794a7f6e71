"""The door asks only what is allowed, retries reads and never writes, and tells what went wrong."""

import logging
import re
from datetime import timedelta
from typing import NamedTuple

import httpx
import pytest

from pipeline.dhis2.access.credentials import Credentials
from pipeline.dhis2.http.client import Client, Connection
from pipeline.text.errors import (
    AnswerLostError,
    AnswerTimeoutError,
    ExitCode,
    LoginError,
    ServerError,
    TooLargeError,
)

TOKEN = "d2p_CanaryCanaryCanaryCanaryCanaryCanaryCanary1234567"
SERVER = "https://dhis2.example/dhis"


class Said(NamedTuple):
    """What a pretend server says."""

    status: int
    body: str
    headers: dict[str, str]


class Script:
    """A pretend server: gives its answers one after another, the last one for ever."""

    def __init__(self, *answers: Said | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        stream = httpx.ByteStream(answer.body.encode())
        return httpx.Response(answer.status, headers=answer.headers, stream=stream)


def says(status: int, body: str = "", kind: str = "application/json", **more: str) -> Said:
    headers = {"content-type": kind} | {key.replace("_", "-"): text for key, text in more.items()}
    return Said(status, body, headers)


def door(script: Script, **more: object) -> Client:
    connection = Connection(f"{SERVER}/api", Credentials(token=TOKEN), **more)  # type: ignore[arg-type]  # whatever a test asks for
    return Client(connection, transport=httpx.MockTransport(script))


def refusal(*answers: Said | Exception, path: str = "me") -> ServerError:
    with door(Script(*answers)) as client, pytest.raises(ServerError) as raised:
        client.get_json(path)
    return raised.value


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


@pytest.mark.parametrize(
    ("answer", "kind", "letter"),
    [
        (
            says(302, location="https://elsewhere.example/dhis-web-login/"),
            LoginError,
            "the server wants a login page",
        ),
        (
            says(401, '{"message": "Failed to authenticate API token, token has expired."}'),
            LoginError,
            "the login is refused: Failed to authenticate API token, token has expired.",
        ),
        (
            says(400, '{"message": "Checksum validation failed"}', www_authenticate="ApiToken"),
            LoginError,
            "the login is refused: Checksum validation failed",
        ),
        (
            says(400, "no JSON at all"),
            ServerError,
            "the server refused: no JSON at all",
        ),
        (
            says(404, "<html><head><title>HTTP 404\u2028</title>", kind="text/html"),
            ServerError,
            "the server does not know this: HTTP 404",
        ),
        (
            says(409, '{"message": "Query failed", "errorCode": "E7144"}'),
            ServerError,
            "the server refused: Query failed (E7144)",
        ),
        (
            says(409, '{"message": "Too many rows", "errorCode": "E7128"}'),
            TooLargeError,
            "the question is too large for the server: Too many rows (E7128)",
        ),
        (
            says(414, "", kind="text/html"),
            TooLargeError,
            "the question is too large for the server",
        ),
        (says(413), TooLargeError, "the question is too large for the server"),
        (says(431), TooLargeError, "the question is too large for the server"),
        (says(504), AnswerTimeoutError, "the server took too long"),
        (
            says(500, "\n\n  Internal\x1b[31m Error  \nmore"),
            ServerError,
            "the server failed: Internal [31m Error",
        ),
        (says(500, "x" * 5000), ServerError, "the server failed: " + "x" * 200),
        (
            says(200, "<!DOCTYPE html><title>Login</title>", kind="text/html"),
            ServerError,
            "the server answered with something that is not JSON: 'Login'",
        ),
        (
            says(200, "E7128: too many", kind="text/plain"),
            ServerError,
            "the server answered with something that is not JSON: 'E7128: too many'",
        ),
        (says(200, '{"a": [1, 2'), ServerError, "with JSON that is cut or broken: '{\"a\": [1, 2'"),
        (
            says(200, "[" * 200_000),
            ServerError,
            "the server answered with JSON that is cut or broken",
        ),
        (says(200, ""), ServerError, "the server answered with nothing at all"),
    ],
)
def test_what_a_server_says_instead_of_an_answer_is_told(
    answer: Said, kind: type[ServerError], letter: str
) -> None:
    told = refusal(answer)

    assert type(told) is kind
    assert letter in told.what
    assert told.where.startswith(f"{SERVER}/api/me, status {answer.status}")
    assert told.status == answer.status
    assert told.remedy


def test_the_missing_authority_is_named() -> None:
    message = "Access is denied, requires one Authority from [F_DATAVALUE_ADD, F_X]"

    told = refusal(says(403, f'{{"message": "{message}"}}'))

    assert told.status == 403
    assert told.remedy == "give this account the authority F_DATAVALUE_ADD, F_X"


def test_the_servers_own_code_is_kept_with_the_letter() -> None:
    told = refusal(says(409, '{"message": "Bad", "errorCode": "E7145"}'))

    assert (told.status, told.code) == (409, "E7145")


def test_letters_name_the_path_but_no_parameter() -> None:
    with door(Script(says(500))) as client, pytest.raises(ServerError) as raised:
        client.get_json("dataSets", [("filter", "name:eq:Confidential")])

    assert "Confidential" not in str(raised.value)
    assert "/api/dataSets, status 500" in raised.value.where


def test_a_write_is_sent_once_and_its_import_summary_is_given() -> None:
    script = Script(says(409, '{"status": "ERROR", "response": {"conflicts": []}}'))

    with door(script) as client:
        answer = client.post_json("dataValueSets", b'{"dataValues":[]}', [("dryRun", "true")])

    assert answer.status == 409
    assert answer.json()["status"] == "ERROR"
    assert script.asked[0].content == b'{"dataValues":[]}'
    assert script.asked[0].headers["content-type"] == "application/json"
    assert script.asked[0].url.query == b"dryRun=true"


@pytest.mark.parametrize(
    "end",
    [
        httpx.ReadTimeout("x"),
        httpx.ReadError("x"),
        httpx.RemoteProtocolError("x"),
        httpx.WriteError("x"),
        httpx.WriteTimeout("x"),
        says(200, "not gzip", content_encoding="gzip"),
        says(200, "x" * 2000),
        says(502),
        says(503),
        says(504),
    ],
)
def test_a_write_without_a_usable_answer_is_unknown_and_never_repeated(
    end: Said | Exception,
) -> None:
    script = Script(end)

    with door(script, max_answer_bytes=1000) as client, pytest.raises(AnswerLostError) as raised:
        client.post_json("dataValueSets", b"{}")

    assert len(script.asked) == 1
    assert "may have taken what was sent, or not" in raised.value.what


@pytest.mark.parametrize("end", [httpx.ConnectError("x"), httpx.ConnectTimeout("x"), says(302)])
def test_a_write_that_never_arrived_is_not_called_unknown(end: Said | Exception) -> None:
    with door(Script(end)) as client, pytest.raises(ServerError) as raised:
        client.post_json("dataValueSets", b"{}")

    assert not isinstance(raised.value, AnswerLostError)


def test_a_session_that_a_proxy_echoes_is_not_repeated() -> None:
    session = "5E55104CA9A8F1D2"
    script = Script(
        says(200, "{}", set_cookie=f"JSESSIONID={session}; Path=/; HttpOnly"),
        says(500, f"you sent JSESSIONID={session}", kind="text/plain"),
    )

    with door(script) as client:
        client.get_json("me")
        with pytest.raises(ServerError, match=r"you sent JSESSIONID=\*\*\*"):
            client.get_json("me")


def test_no_letter_or_log_shows_the_token_even_when_a_proxy_echoes_it(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    echo = Script(says(503, f"you sent ApiToken {TOKEN}", kind="text/plain"))
    logging.getLogger().setLevel(logging.DEBUG)
    with door(echo) as client, pytest.raises(ServerError) as raised:
        client.get_json("me")

    told = [str(raised.value), repr(raised.value), repr(client.connection), repr(client)]
    chain = raised.value.__cause__
    printed = capsys.readouterr()
    assert "you sent ApiToken ***" in told[0]
    assert TOKEN not in "".join([*told, repr(chain), caplog.text, printed.out, printed.err])
    assert logging.getLogger("httpx").level == logging.WARNING
    assert logging.getLogger("httpcore").level == logging.WARNING
