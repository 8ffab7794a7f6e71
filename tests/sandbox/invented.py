"""The invented country of a day in November: what it counted, and how to ask for cases."""

from datetime import date

import httpx

from sandbox.state.identifiers import uid
from sandbox.state.register import Register
from sandbox.state.world import World

TODAY = date(2026, 11, 20)


def register(world: World) -> Register:
    assert isinstance(world.answers, Register)
    return world.answers


def cases(client: httpx.Client, *indicators: str) -> httpx.Response:
    dx = ";".join(uid(code) for code in indicators)
    dimensions = [f"dx:{dx}", "pe:202610", "ou:LEVEL-4"]
    return client.get("/api/analytics.json", params={"dimension": dimensions})
