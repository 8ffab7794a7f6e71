"""What a server said is read once; what is no answer becomes a letter that quotes it."""

import json

import pytest

from pipeline.dhis2.http.answers import (
    LONGEST_QUOTE,
    RawAnswer,
    clean,
    first_line,
)
from pipeline.dhis2.http.refusals import letter_for, raise_for_error
from pipeline.text.errors import (
    AnswerTimeoutError,
    BarrierError,
    LoginError,
    ServerError,
    TooLargeError,
)

JSON = "application/json"


def answer(status: int = 200, body: object = b"", kind: str = JSON, **headers: str) -> RawAnswer:
    told = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return RawAnswer("/api/me", status, kind, told, headers=named, server="https://hmis.example")


def test_only_whole_json_is_read() -> None:
    assert answer(200, {"id": "a"}).json() == {"id": "a"}
    assert answer(200, {"id": "a"}, "application/vnd.dhis2+json").json() == {"id": "a"}


@pytest.mark.parametrize(
    ("body", "kind", "what"),
    [
        (b" \n", JSON, "nothing at all"),
        (b"<title>Sign in</title>", "text/html", "something that is not JSON: 'Sign in'"),
        (b'{"id": "a', JSON, "JSON that is cut or broken: "),
        (b"[" * 100_000, JSON, "JSON that is cut or broken: "),
    ],
)
def test_what_is_no_json_is_a_letter_that_quotes_what_came(
    body: bytes, kind: str, what: str
) -> None:
    with pytest.raises(ServerError) as raised:
        answer(200, body, kind).json()

    assert raised.value.what.startswith(f"the server answered with {what}")
    assert raised.value.where == f"https://hmis.example/api/me, status 200, {kind}"


@pytest.mark.parametrize(
    ("status", "letter", "begins"),
    [
        (400, ServerError, "the server refused"),
        (401, LoginError, "the login is refused"),
        (403, BarrierError, "something before the server refused this"),
        (404, ServerError, "the server does not know this"),
        (408, AnswerTimeoutError, "the server took too long"),
        (409, ServerError, "the server refused"),
        (413, TooLargeError, "the question is too large for the server"),
        (414, TooLargeError, "the question is too large for the server"),
        (429, ServerError, "the server is busy or not ready"),
        (431, TooLargeError, "the question is too large for the server"),
        (500, ServerError, "the server failed"),
        (503, ServerError, "the server is busy or not ready"),
        (504, AnswerTimeoutError, "the server took too long"),
        (599, ServerError, "the server failed"),
    ],
)
def test_each_status_has_its_letter(status: int, letter: type[ServerError], begins: str) -> None:
    written = letter_for(answer(status))

    assert (type(written), written.what, written.status) == (letter, begins, status)


def test_a_success_is_no_letter() -> None:
    raise_for_error(answer(204))
    with pytest.raises(ServerError):
        raise_for_error(answer(199))


def test_a_letter_tells_the_servers_own_code_and_words() -> None:
    said = {"errorCode": "E7120", "message": "not allowed to see\nthis"}

    written = letter_for(answer(409, said))

    assert written.what == (
        "an org unit is outside what the account may see: not allowed to see this (E7120)"
    )
    assert written.code == "E7120"


def test_too_many_rows_are_too_large_whatever_the_status() -> None:
    assert isinstance(letter_for(answer(409, {"errorCode": "E7128"})), TooLargeError)


def test_an_authority_that_is_missing_is_named_in_the_remedy() -> None:
    said = {
        "httpStatusCode": 403,
        "status": "ERROR",
        "message": "Access is denied, requires one Authority from [F_VIEW_EVENT_ANALYTICS]",
    }

    assert letter_for(answer(403, said)).remedy == (
        "give this account the authority F_VIEW_EVENT_ANALYTICS"
    )
    unnamed = {"httpStatus": "Forbidden", "httpStatusCode": 403, "status": "ERROR"}
    assert letter_for(answer(403, unnamed)).remedy == (
        "give this account the authority or sharing it needs"
    )


def test_a_bad_token_is_a_refused_login_though_the_status_says_otherwise() -> None:
    bad = {"www_authenticate": 'Bearer error="invalid_token", error_description="ApiToken"'}

    assert answer(400, **bad).is_login_refused
    assert not answer(400).is_login_refused
    assert not answer(409, **bad).is_login_refused


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (b"<html><head>\n<TITLE lang='en'> 502\tBad Gateway </TITLE>", "502 Bad Gateway"),
        (b"\n  \nfirst\nsecond", "first"),
        (b"\xff\xfe", "\ufffd\ufffd"),
        (b"  ", "nothing"),
    ],
)
def test_of_a_body_the_title_or_the_first_line_is_quoted(body: bytes, line: str) -> None:
    assert first_line(body) == line


def test_what_is_quoted_is_printable_and_short() -> None:
    assert clean("\x1b[31mred\x00") == "[31mred"
    assert len(clean("x" * 999)) == LONGEST_QUOTE
