"""A write is sent once, and nobody pretends to know what became of it; no letter shows a secret."""

import logging

import httpx
import pytest

from pipeline.text.errors import (
    AnswerLostError,
    ServerError,
)
from tests.dhis2.http.script import TOKEN, Said, Script, door, says


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
