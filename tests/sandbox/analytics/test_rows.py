"""Rows come in no order, and means are taken over what was asked."""

import httpx

from sandbox.http.server import Sandbox
from sandbox.state.identifiers import uid
from tests.sandbox.invented import cases


def test_rows_come_in_another_order_tomorrow(sandbox: Sandbox, client: httpx.Client) -> None:
    today = cases(client, "PI_CASES_ALL").json()["rows"]
    client.post("/sandbox/next-night?build=false", auth=None)

    tomorrow = cases(client, "PI_CASES_ALL").json()["rows"]

    assert sorted(today) == sorted(tomorrow)
    assert today != tomorrow


def test_a_mean_is_taken_over_what_was_asked(client: httpx.Client) -> None:
    def mean(units: str) -> list[str]:
        dimensions = [f"dx:{uid('PI_WEIGHT')}", "pe:2026Q3", f"ou:{units}"]
        answer = client.get("/api/analytics.csv", params={"dimension": dimensions})
        return [line.rpartition(",")[2] for line in answer.text.splitlines()[1:]]

    whole, parts = mean("LEVEL-1"), mean("LEVEL-2")

    assert len(whole) == 1
    assert min(parts) <= whole[0] <= max(parts)
