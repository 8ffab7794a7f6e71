"""What really happens between sockets: cut answers, stalls, bombs, other hosts, certificates."""

import gzip
import json
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.dhis2.access.credentials import Credentials
from pipeline.dhis2.http.client import Client, Connection, connect
from pipeline.dhis2.objects import read_all
from pipeline.text.errors import (
    AnswerLostError,
    AnswerTimeoutError,
    ExitCode,
    MovedError,
    ServerError,
    TooLargeError,
    UsageError,
)
from tests.dhis2.wire import STALL, TLS, http, saying

WHO = Credentials("admin", "district-canary")
GOOD = http(b'{"id": "x"}')
ZIPPED = "Content-Encoding: gzip"
BOMB = gzip.compress(bytes(40 * 2**20))


def door(url: str, **more: object) -> Client:
    return Client(Connection(url, WHO, **more))  # type: ignore[arg-type]  # whatever a test asks for


def test_a_zipped_answer_is_unpacked() -> None:
    with saying(http(gzip.compress(b'{"id": "x"}'), ZIPPED)) as wire, door(wire.url) as client:
        assert client.get_json("me") == {"id": "x"}

    assert b"GET /api/me HTTP/1.1" in wire.heard[0]


@pytest.mark.parametrize(
    "cut",
    [
        pytest.param(http(b'{"id', length=11), id="fewer bytes than promised"),
        pytest.param(GOOD[:40], id="not even whole headers"),
        pytest.param(b"", id="no answer at all"),
        pytest.param(http(gzip.compress(b'{"id": "x"}')[:-9], ZIPPED), id="half a gzip"),
        pytest.param(http(gzip.compress(b'{"id": "x"}')[:-9]), id="half a gzip file"),
        pytest.param(http(b"not gzip", ZIPPED), id="damaged gzip"),
        pytest.param(http(b"x", "Content-Encoding: br"), id="an encoding nobody asked for"),
    ],
)
def test_a_cut_answer_is_asked_for_again_and_never_believed(cut: bytes) -> None:
    with saying(cut, GOOD, cut, cut, cut) as wire, door(wire.url) as client:
        assert client.get_json("me") == {"id": "x"}
        with pytest.raises(ServerError):
            client.get_json("me")

    assert len(wire.heard) == 5


def test_a_write_whose_answer_is_cut_is_unknown() -> None:
    with (
        saying(http(b'{"sta', length=99)) as wire,
        door(wire.url) as client,
        pytest.raises(AnswerLostError),
    ):
        client.post_json("dataValueSets", b"{}")

    assert len(wire.heard) == 1


def test_a_server_that_stalls_is_given_up_in_time() -> None:
    patience = timedelta(seconds=0.1)

    with (
        saying(STALL, STALL, STALL) as wire,
        door(wire.url, read_timeout=patience) as client,
        pytest.raises(AnswerTimeoutError, match=r"said nothing for 0\.1 seconds"),
    ):
        client.get_json("me")


@pytest.mark.parametrize("said", [http(BOMB, ZIPPED), http(BOMB)], ids=["encoded", "a file"])
def test_a_bomb_is_stopped_while_it_unpacks(said: bytes) -> None:
    with saying(said) as wire, door(wire.url, max_answer_bytes=2**21) as client:
        tracemalloc.start()
        with pytest.raises(TooLargeError, match="larger than 2 MiB"):
            client.get_json("me")
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

    assert len(BOMB) < 2**17
    assert most < 8 * 2**20


def test_no_redirect_is_followed_to_another_host() -> None:
    with saying(GOOD) as elsewhere:
        away = http(b"", f"Location: {elsewhere.url}/api/me", status="302 Found")
        with (
            saying(away) as wire,
            door(wire.url) as client,
            pytest.raises(MovedError) as raised,
        ):
            client.get_json("me")

    assert elsewhere.heard == []
    assert raised.value.what == f"the server sends requests on to {elsewhere.url}/api/me"
    assert f"write {elsewhere.url} as its address" in raised.value.remedy


def test_no_address_that_a_server_names_is_asked() -> None:
    with saying(GOOD) as elsewhere:
        address = f"{elsewhere.url}/api"
        told = {
            "pager": {"pageCount": 2, "nextPage": f"{address}/dataSets?page=2"},
            "dataSets": [{"id": "IpHINAT79UW", "href": f"{address}/dataSets/IpHINAT79UW"}],
            "relativeNotifierEndpoint": f"{address}/system/tasks/ANALYTICS_TABLE/aUnknownJob",
            "contextPath": elsewhere.url,
        }
        whole = http(json.dumps(told).encode(), f"Link: <{address}/dataSets?page=2>; rel=next")
        with saying(whole, GOOD) as wire, door(wire.url) as client:
            data_sets = read_all(client, "dataSets", "id")
            client.get_json("me")

    assert [one["id"] for one in data_sets] == ["IpHINAT79UW"]
    assert len(wire.heard) == 2
    assert elsewhere.heard == []


def test_many_threads_share_one_door() -> None:
    with (
        saying(*[GOOD] * 12) as wire,
        connect(Connection(wire.url, WHO)) as client,
        ThreadPoolExecutor(4) as threads,
    ):
        told = list(threads.map(lambda _: client.get_json("me"), range(12)))

    assert told == [{"id": "x"}] * 12
    assert client.requests == len(wire.heard) == 12


def encrypted(port: int) -> str:
    return f"https://127.0.0.1:{port}"


def test_a_certificate_of_the_named_authority_is_trusted() -> None:
    authority = str(TLS / "authority.pem")

    with (
        saying(GOOD, certificate="here.pem") as wire,
        door(encrypted(wire.port), ca_bundle=authority) as client,
    ):
        assert client.get_json("me") == {"id": "x"}


@pytest.mark.parametrize(
    ("certificate", "authority", "what", "remedy"),
    [
        pytest.param("here.pem", "", "is not trusted", "ca_bundle", id="nobody's authority"),
        pytest.param(
            "elsewhere.pem",
            "authority.pem",
            "is for another host name",
            "write the address with the name",
            id="the name of another host",
        ),
        pytest.param("expired.pem", "authority.pem", "is out of date", "new one", id="expired"),
        pytest.param("here.pem", "elsewhere.pem", "is not trusted", "ca_bundle", id="another one"),
    ],
)
@pytest.mark.parametrize("allow_insecure", [False, True])
def test_any_other_certificate_is_refused_at_once(
    certificate: str, authority: str, what: str, remedy: str, *, allow_insecure: bool
) -> None:
    bundle = str(TLS / authority) if authority else ""

    with saying(GOOD, GOOD, certificate=certificate) as wire:
        url = encrypted(wire.port)
        with door(url, ca_bundle=bundle, allow_insecure=allow_insecure) as client:
            with pytest.raises(ServerError, match=f"certificate {what}") as raised:
                client.get_json("me")
            with pytest.raises(ServerError, match=f"certificate {what}"):
                client.post_json("dataValueSets", b"{}")

    assert raised.value.exit_code == ExitCode.UNAVAILABLE
    assert remedy in raised.value.remedy
    assert wire.heard == []


@pytest.mark.parametrize("text", ["", "no certificate"])
def test_an_authority_file_that_holds_none_is_a_letter(tmp_path: Path, text: str) -> None:
    bundle = tmp_path / "authority.pem"
    if text:
        bundle.write_text(text, encoding="utf-8")

    with pytest.raises(UsageError, match="certificate authority file cannot be read") as raised:
        door("https://dhis2.example", ca_bundle=str(bundle))

    assert raised.value.where == str(bundle)


@pytest.mark.parametrize("text", ["", "no certificate"])
def test_the_authority_file_of_the_environment_is_named(
    tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = tmp_path / "gone.pem"
    if text:
        bundle.write_text(text, encoding="utf-8")
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))

    with pytest.raises(UsageError, match="certificate authority file cannot be read") as raised:
        door("https://dhis2.example")

    assert raised.value.where == str(bundle)
    assert "SSL_CERT_FILE" in raised.value.remedy


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("NO_PROXY", "localhost, fd00::/8", "NO_PROXY has a part that cannot be read: fd00::/8"),
        ("no_proxy", "10.0.0.1:door", "NO_PROXY has a part that cannot be read: 10.0.0.1:door"),
        ("HTTPS_PROXY", "socks5://clerk:canary@proxy.example:1080", "SOCKS proxy needs a package"),
        ("all_proxy", "socks5h://proxy.example:1080", "SOCKS proxy needs a package"),
    ],
)
def test_a_proxy_is_a_letter_that_names_the_variable(
    name: str, value: str, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(UsageError, match=what) as raised:
        door("https://dhis2.example")

    assert raised.value.where == name
    assert "canary" not in str(raised.value)


@pytest.mark.parametrize(
    "proxy",
    ["http://clerk:canary/x@proxy.example", "http://clerk:canary#x@h:1", "ftp://clerk:canary@h"],
)
def test_a_proxy_that_cannot_be_used_is_a_letter_without_its_password(
    proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)

    with pytest.raises(UsageError, match="proxy that the environment names") as raised:
        door("https://dhis2.example")

    assert "canary" not in str(raised.value)
    assert raised.value.__suppress_context__
