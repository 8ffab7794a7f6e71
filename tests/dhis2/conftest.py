"""What every test of the door to a server may ask for."""

from collections.abc import Iterator

import pytest
import stamina


@pytest.fixture(autouse=True)
def _without_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3, cap=True):
        yield
