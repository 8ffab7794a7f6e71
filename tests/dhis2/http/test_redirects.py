"""A redirect is named with its target; a login page is called one only where it is one."""

import pytest

from pipeline.dhis2.http.redirects import redirect_meaning
from pipeline.text.errors import LoginError, MovedError

SERVER = "https://dhis2.example/hmis"
PATH = "/api/system/info"


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("https://dhis2.example/hmis/dhis-web-login/", None),
        ("/hmis/login/", "https://dhis2.example/hmis/login/"),
        ("../../login/#/", "https://dhis2.example/hmis/login/"),
        ("/hmis/dhis-web-commons/security/login.action", None),
        ("https://sso.moh.example/auth?client=CANARY", "https://sso.moh.example/auth"),
        ("https://moh.example/realms/hmis/protocol", None),
        ("/hmis/login;jsessionid=CANARY", "https://dhis2.example/hmis/login"),
    ],
)
def test_a_login_page_is_named(location: str, target: str | None) -> None:
    kind, what, remedy = redirect_meaning(SERVER, PATH, location)

    assert kind is LoginError
    assert what.startswith("the server wants a login page: https://")
    assert target is None or what.endswith(f": {target}")
    assert "check the token" in remedy
    assert "CANARY" not in what


@pytest.mark.parametrize(
    ("location", "target", "remedy"),
    [
        (
            "https://new.example/dhis/api/system/info?x=CANARY",
            "https://new.example/dhis/api/system/info",
            "write https://new.example/dhis as its address",
        ),
        (
            "/national/",
            "https://dhis2.example/national/",
            "write https://dhis2.example/national as",
        ),
        (
            "//new.example/api",
            "https://new.example/api",
            "write https://new.example as its address",
        ),
        (
            "https://who:CANARY@new.example/x",
            "https://new.example/x",
            "write https://new.example/x as its address",
        ),
        (
            "http://dhis2.example/hmis/api/system/info",
            "http://dhis2.example/hmis/api/system/info",
            "from https to plain http",
        ),
        (
            "/hmis/api/system/info/",
            "https://dhis2.example/hmis/api/system/info/",
            "why it does not answer at this address",
        ),
        (
            "/catalogin/api",
            "https://dhis2.example/catalogin/api",
            "write https://dhis2.example/catalogin as its address",
        ),
    ],
)
def test_any_other_target_is_named_with_the_address_to_write(
    location: str, target: str, remedy: str
) -> None:
    kind, what, to_do = redirect_meaning(SERVER, PATH, location)

    assert kind is MovedError
    assert what == f"the server sends requests on to {target}"
    assert remedy in to_do
    assert "CANARY" not in what + to_do


def test_a_server_that_moved_to_https_is_named_with_it() -> None:
    _, _, to_do = redirect_meaning("http://10.0.0.1", "/api/me", "https://10.0.0.1/api/me")

    assert "write https://10.0.0.1 as its address" in to_do


@pytest.mark.parametrize("location", ["", " ", "mailto:a@b", "https://[::1", "https://h/a\u202eb"])
def test_a_redirect_that_leads_nowhere_is_told_as_that(location: str) -> None:
    kind, what, _ = redirect_meaning(SERVER, PATH, location)

    assert kind is MovedError
    assert what == "the server sends requests on, and does not say where to"
