"""What every page about loads may ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.load.loads import COUNTS
from tests.support.deployments import Post
from tests.support.village import tracker, village


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with village(tmp_path) as opened:
        tracker(opened, COUNTS)
        yield opened
