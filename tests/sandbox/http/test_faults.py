"""Requests fail when they are told to."""

import httpx
import pytest

from sandbox.http.server import Sandbox
from tests.support import faults


def test_a_busy_server_says_when_to_come_back(sandbox: Sandbox, client: httpx.Client) -> None:
    sandbox.faults.append(faults.first(2, "/api/me", faults.unavailable("3")))

    answers = [client.get("/api/me") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [503, 503, 200]
    assert answers[0].headers["Retry-After"] == "3"


def test_an_answer_can_be_cut_off(sandbox: Sandbox, client: httpx.Client) -> None:
    sandbox.faults.append(faults.first(1, "/api/me", faults.cut_after(10)))

    with pytest.raises(httpx.RemoteProtocolError):
        client.get("/api/me")

    assert client.get("/api/me").status_code == 200


def test_a_connection_can_be_torn(sandbox: Sandbox, client: httpx.Client) -> None:
    sandbox.faults.append(faults.first(1, "/api/me", faults.torn()))

    with pytest.raises(httpx.ReadError, match="reset by peer"):
        client.get("/api/me")

    assert client.get("/api/me").status_code == 200


def test_an_answer_can_be_lost_after_the_deed(sandbox: Sandbox, client: httpx.Client) -> None:
    sandbox.faults.append(faults.first(1, "/sandbox/next-night", faults.answer_lost()))

    lost = client.post("/sandbox/next-night")

    assert lost.status_code == 502
    assert sandbox.world.extra["nights"] == 1


def test_an_answer_can_lie(sandbox: Sandbox, client: httpx.Client) -> None:
    sandbox.faults.append(
        faults.first(1, "/api/me", faults.lying(lambda body: body | {"username": "somebody"}))
    )

    assert client.get("/api/me").json()["username"] == "somebody"


def test_a_page_can_stand_where_an_answer_was_expected(
    sandbox: Sandbox, client: httpx.Client
) -> None:
    sandbox.faults.append(faults.first(1, "/api/me", faults.html_instead()))

    assert client.get("/api/me").headers["content-type"].startswith("text/html")
