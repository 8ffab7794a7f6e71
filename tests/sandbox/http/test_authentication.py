"""Who is let in, and how the others are refused."""

from datetime import UTC, datetime

import httpx

from sandbox.http.server import Sandbox
from sandbox.state.world import Token


def with_token(client: httpx.Client, token: str) -> httpx.Response:
    client.cookies.clear()
    return client.get("/api/me", auth=None, headers={"Authorization": f"ApiToken {token}"})


def test_a_session_opens_the_door_that_a_password_opened(client: httpx.Client) -> None:
    client.get("/api/me")

    answer = client.get("/api/me?fields=username", auth=None)

    assert answer.json() == {"username": "tally"}


def test_a_wrong_password_is_a_401_and_none_at_all_a_login_page(client: httpx.Client) -> None:
    wrong = client.get("/api/me", auth=("tally", "wrong"))
    none = client.get("/api/me", auth=None)
    script = client.get("/api/me", auth=None, headers={"X-Requested-With": "XMLHttpRequest"})

    assert wrong.status_code == 401
    assert (none.status_code, none.headers["Location"].endswith("/login/")) == (302, True)
    assert script.status_code == 401


def test_a_token_opens_the_door_for_its_methods_until_it_expires(
    sandbox: Sandbox, client: httpx.Client
) -> None:
    old = datetime(2026, 1, 1, tzinfo=UTC)
    sandbox.world.users["tally"].tokens = (
        Token("good"),
        Token("for posts", methods=("POST",)),
        Token("old", expires=old),
    )

    assert with_token(client, "good").status_code == 200
    assert "method is not allowed" in with_token(client, "for posts").json()["message"]
    assert "has expired" in with_token(client, "old").json()["message"]


def test_a_text_that_has_not_the_shape_of_a_token_is_a_400_and_an_unknown_token_a_401(
    client: httpx.Client,
) -> None:
    misshapen, unknown = with_token(client, "nonsense"), with_token(client, "d2p_".ljust(54, "0"))

    assert (misshapen.status_code, unknown.status_code) == (400, 401)
    assert unknown.headers["WWW-Authenticate"] == "ApiToken"


def test_a_ping_needs_nobody(client: httpx.Client) -> None:
    assert client.get("/api/ping", auth=None).status_code == 200
