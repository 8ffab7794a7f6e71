"""An address may be copied from anywhere in DHIS2; its base is found, or it is refused."""

import pytest

from pipeline.dhis2.access.addresses import base_of
from pipeline.text.errors import UsageError


@pytest.mark.parametrize(
    ("written", "base"),
    [
        ("https://dhis2.example", "https://dhis2.example"),
        ("https://dhis2.example/", "https://dhis2.example"),
        ("https://dhis2.example/api", "https://dhis2.example"),
        ("https://dhis2.example/api/42", "https://dhis2.example"),
        ("https://dhis2.example/dhis", "https://dhis2.example/dhis"),
        ("https://dhis2.example/dhis/api//", "https://dhis2.example/dhis"),
        ("https://dhis2.example/apiary", "https://dhis2.example/apiary"),
        ("https://dhis2.example/applications", "https://dhis2.example/applications"),
        (" https://DHIS2.example:8443/Dhis/ ", "https://dhis2.example:8443/Dhis"),
        ("http://localhost:8080/dhis", "http://localhost:8080/dhis"),
        ("http://[::1]:8080/api", "http://[::1]:8080"),
    ],
)
def test_an_address_is_written_in_many_ways(written: str, base: str) -> None:
    assert base_of(written) == base


@pytest.mark.parametrize(
    "page",
    [
        "dhis-web-dashboard/",
        "dhis-web-dashboard/#/nghVC4wtyzi",
        "dhis-web-login/",
        "dhis-web-commons/security/login.action;jsessionid=0A1B?failed=true",
        "login/#/",
        "apps/dashboard",
        "apps/data-entry#/?period=202610",
        "api/me.json?fields=id,username",
        "api/41/dataSets",
        "api/apps/scorecard/index.html#/home",
        "index.html",
        "index.action",
        "#/",
        "#/dashboards",
    ],
)
@pytest.mark.parametrize("path", ["", "hmis/", "country/hmis/"])
def test_the_address_of_a_page_is_cut_to_its_base(page: str, path: str) -> None:
    base = f"https://dhis2.example/{path}"

    assert base_of(base + page) == base.rstrip("/")


@pytest.mark.parametrize(
    ("written", "base"),
    [
        ("https://dhis2.example//hmis///api//me", "https://dhis2.example/hmis"),
        ("https://dhis2.example:443/hmis", "https://dhis2.example/hmis"),
        ("https://dhis2.example:/hmis", "https://dhis2.example/hmis"),
        ("https://dhis2.example:80", "https://dhis2.example:80"),
        ("http://localhost:80/hmis", "http://localhost/hmis"),
        ("HTTPS://[2001:DB8::1]:443/", "https://[2001:db8::1]"),
        ("https://[2001:db8:0:0::1]:8443", "https://[2001:db8::1]:8443"),
        ("https://dhis2.example./hmis", "https://dhis2.example/hmis"),
        ("\ufeffhttps://dhis2.example\u200b", "https://dhis2.example"),
    ],
)
def test_one_server_has_one_address(written: str, base: str) -> None:
    assert base_of(written) == base


def test_a_gateway_may_have_an_api_of_its_own_before_that_of_dhis2() -> None:
    assert base_of("https://gate.example/api/hmis/api") == "https://gate.example/api/hmis"


@pytest.mark.parametrize(
    ("written", "what"),
    [
        ("dhis2.example", "must begin with https://"),
        ("ftp://dhis2.example", "must begin with https://"),
        ("https://", "must begin with https://"),
        ("https:///dhis", "must begin with https://"),
        ("https://https://dhis2.example", "must begin with https://"),
        ("https://dhis2.example:door", "must begin with https://"),
        ("https://[::1", "must begin with https://"),
        ("https://dhis2 .example", "must begin with https://"),
        ("https://dhis2.example/?token=CANARY", "ends with its path"),
        ("https://dhis2.example/#CANARY", "ends with its path"),
        ("https://dhis2.example/a%2Fb", "ends with its path"),
        ("https://dhis2.example/a/../b", "ends with its path"),
        ("https://admin:CANARY@dhis2.example", "must not hold a username or password"),
        ("https://CANARY@dhis2.example", "must not hold a username or password"),
        ("https://admin:CA/NARY@dhis2.example", "must not hold a username or password"),
        ('"https://dhis2.example"', "has quotes around it"),
        ("\u201chttps://dhis2.example\u201d", "has quotes around it"),
        ("https://dhis2.example'", "has quotes around it"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_repeating_it(
    written: str, what: str
) -> None:
    with pytest.raises(UsageError, match=what) as raised:
        base_of(written)

    assert "CANARY" not in str(raised.value)


def test_an_address_with_more_than_a_path_is_refused_with_its_base() -> None:
    with pytest.raises(UsageError) as raised:
        base_of("https://dhis2.example/hmis/?locale=fr")

    assert raised.value.where == "https://dhis2.example/hmis"
