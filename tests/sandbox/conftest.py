"""A running country, and a client that is logged in to it."""

from collections.abc import Iterator

import httpx
import pytest

from sandbox.country.build import invent_country
from sandbox.http.server import Sandbox, running
from tests.sandbox.invented import TODAY

TALLY = ("tally", "district")


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with running(invent_country(TODAY), "2.43") as running_sandbox:
        yield running_sandbox


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=sandbox.url, auth=TALLY, timeout=30) as opened:
        yield opened
