"""Whatever a server says instead of an answer is told in a letter."""

import pytest

from pipeline.text.errors import (
    AnswerTimeoutError,
    LoginError,
    ServerError,
    TooLargeError,
)
from tests.dhis2.http.script import SERVER, Said, Script, door, refusal, says


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
