"""One call lets a night pass."""

import httpx

from sandbox.http.server import Sandbox


def test_a_night_passes_by_one_call(sandbox: Sandbox, client: httpx.Client) -> None:
    happened = client.post("/sandbox/next-night?build=false", auth=None).json()

    assert (happened["night"], happened["tables_built"]) == (1, False)
    assert client.get("/api/system/info").json()["serverDate"].startswith("2026-11-21")
