"""A client that is logged in to a small form, on a server of each generation."""

from collections.abc import Iterator

import httpx
import pytest

from sandbox.http.server import running
from sandbox.state.world import User
from tests.sandbox.value_world import NEW, OLD, filled


@pytest.fixture(params=[OLD, NEW])
def client(request: pytest.FixtureRequest) -> Iterator[httpx.Client]:
    world = filled(request.param)
    clerk = User(
        "clerk",
        password="district",
        authorities=frozenset({"F_DATAVALUE_ADD"}),
        org_units=("ouCountry01",),
    )
    world.users = {"clerk": clerk, "guest": User("guest", password="district")}
    with (
        running(world, request.param) as sandbox,
        httpx.Client(base_url=sandbox.url, auth=("clerk", "district"), timeout=30) as opened,
    ):
        yield opened
