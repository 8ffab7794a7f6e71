"""Who refused is told: DHIS2 for what was asked, or a firewall or proxy that stands before it."""

import json

import pytest

from pipeline.dhis2.http.answers import RawAnswer
from pipeline.dhis2.http.refusals import is_barred, letter_for
from pipeline.text.errors import (
    AnswerTimeoutError,
    BarrierError,
    ExitCode,
    LoginError,
    RightsError,
    ServerError,
    SettingsError,
    TooLargeError,
)

PAGES = {
    "English": "<html><head><title>{} Refused</title></head><body>no</body></html>",
    "French": "<!DOCTYPE html>\n<html lang=fr><title>{} Acc\u00e8s interdit</title></html>",
    "cut": "\ufeff <HTML><head><title>{} Refu",
    "without a title": "<center><h1>{}</h1></center>",
}


def answer(status: int, body: str, kind: str = "text/html") -> RawAnswer:
    return RawAnswer("/api/analytics.json", status, kind, body.encode(), server="https://h")


def dhis2(status: int, message: str, code: str = "") -> RawAnswer:
    told = {"httpStatusCode": status, "status": "ERROR", "message": message, "errorCode": code}
    return answer(status, json.dumps(told), "application/json")


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES.keys())
@pytest.mark.parametrize("kind", ["text/html", "application/json", ""])
@pytest.mark.parametrize(
    ("status", "letter"),
    [
        (403, BarrierError),
        (406, BarrierError),
        (413, TooLargeError),
        (414, TooLargeError),
        (429, ServerError),
        (502, ServerError),
        (504, AnswerTimeoutError),
        (524, AnswerTimeoutError),
    ],
)
def test_a_page_comes_from_something_before_the_server(
    status: int, letter: type[ServerError], kind: str, page: str
) -> None:
    told = letter_for(answer(status, page.format(status), kind))

    assert type(told) is letter
    assert told.what.startswith("something before the server")
    assert "the account may" not in told.what
    assert "proxy" in told.remedy
    assert told.exit_code == ExitCode.UNAVAILABLE


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ('{"message": "Forbidden"}', "application/json"),
        ('{"message":"no Route matched with those values"}', "application/json"),
        ('{"error": {"code": 403, "status": "PERMISSION_DENIED"}}', "application/json"),
        ("error code: 1020", "text/plain"),
        ("", ""),
    ],
)
def test_a_gateway_that_shows_no_page_is_not_taken_for_dhis2(body: str, kind: str) -> None:
    refused = answer(403, body, kind)

    assert is_barred(refused)
    assert type(letter_for(refused)) is BarrierError


def test_dhis2_itself_says_what_an_account_may_not_do() -> None:
    refused = dhis2(403, "You don't have the proper permissions to read objects of this type.")

    assert not is_barred(refused)
    assert type(letter_for(refused)) is RightsError


def test_a_page_that_asks_for_a_password_is_a_login_page() -> None:
    page = "<html><title>Portail</title><form><input name=p type='password'></form>"

    for status in (401, 403, 503):
        told = letter_for(answer(status, page))
        assert type(told) is LoginError
        assert told.what == "a login page came instead of an answer: Portail"


def test_a_login_that_something_else_asks_for_is_not_that_of_the_account() -> None:
    told = letter_for(answer(401, "<html><title>401 Authorization Required</title>"))

    assert type(told) is LoginError
    assert told.what.startswith("something before the server wants a login of its own")


def test_headers_that_are_too_large_are_a_question_that_is_too_large() -> None:
    told = letter_for(answer(400, "<html><title>400 Request Header Or Cookie Too Large</title>"))

    assert type(told) is TooLargeError


@pytest.mark.parametrize(
    ("code", "letter", "remedy"),
    [
        ("E7120", SettingsError, "data view org units"),
        ("E7217", RightsError, "F_VIEW_EVENT_ANALYTICS"),
        ("E2012", SettingsError, "data capture org units"),
        ("E7125", SettingsError, "do what the server says"),
        ("E7143", SettingsError, "do what the server says"),
        ("E7611", SettingsError, "do what the server says"),
    ],
)
def test_what_was_set_up_wrongly_is_not_told_to_be_tried_later(
    code: str, letter: type[ServerError], remedy: str
) -> None:
    told = letter_for(dhis2(409, "refused", code))

    assert type(told) is letter
    assert told.exit_code == ExitCode.USAGE
    assert told.code == code
    assert remedy in told.remedy


@pytest.mark.parametrize("code", ["E7144", "E7131", "E7145"])
def test_what_may_pass_is_to_be_tried_later(code: str) -> None:
    assert letter_for(dhis2(409, "refused", code)).exit_code == ExitCode.UNAVAILABLE


def test_a_path_that_dhis2_does_not_know_is_not_found_later_either() -> None:
    starting = answer(404, "<html><title>HTTP Status 404</title>")

    assert letter_for(dhis2(404, "not found", "E1005")).exit_code == ExitCode.USAGE
    assert letter_for(starting).exit_code == ExitCode.UNAVAILABLE
