"""The invented country, new for each test."""

import pytest

from sandbox.country.build import invent_country
from sandbox.state.world import World
from tests.sandbox.invented import TODAY


@pytest.fixture
def country() -> World:
    return invent_country(TODAY)
