"""Every request is written down."""

import httpx

from sandbox.http.server import Sandbox


def test_every_request_is_written_down(sandbox: Sandbox, client: httpx.Client) -> None:
    client.get("/api/43/me/?fields=id")
    client.post("/api/resourceTables/analytics", auth=None)

    assert sandbox.requests[0] == ("GET", "/api/me", "fields=id", "tally")
    assert sandbox.posts("/api/resourceTables") == 1
