"""What every page about loads may ask for."""

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from shutil import copytree

import pytest

from sandbox.state.world import World
from tests.load import nights
from tests.load.loads import COUNTS
from tests.support.deployments import Post, deployed
from tests.support.village import tracker, village


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with village(tmp_path) as opened:
        tracker(opened, COUNTS)
        yield opened


FirstNight = tuple[Path, World, dict[str, dict[str, object]]]


@pytest.fixture(scope="module")
def first_night(tmp_path_factory: pytest.TempPathFactory) -> FirstNight:
    folder = tmp_path_factory.mktemp("first_night")
    with village(folder) as post:
        tracker(post, nights.COUNTS)
        post.night()
        return folder, post.world, post.sections


@pytest.fixture
def begun(tmp_path: Path, first_night: FirstNight) -> Iterator[Post]:
    """Give a village after its first night."""
    folder, world, sections = first_night
    copytree(folder, tmp_path, dirs_exist_ok=True)
    with deployed(tmp_path, deepcopy(world), "2.43", "tally") as post:
        here = {side: {"url": post.sandbox.url} for side in ("source", "target")}
        for part in (sections, here):
            post.configure(**part)
        yield post
