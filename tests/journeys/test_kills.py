"""Wherever a night is killed, the next commands end it as if nothing had happened."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.killing.nursery import Nursery
from tests.killing.scene import End, Scene, killed_at, places, set_up

STAGES = ("extract", "transform", "plan", "load", "report", "publish")
EVERYWHERE = ("file", "store")  # reached dozens of times; the campaign tries them all
DIFFERENT = ("load",)  # what a generation of servers can make a difference to
SHARES = 3


class Night(NamedTuple):
    scene: Scene
    nursery: Nursery
    places: list[str]
    end: End


@pytest.fixture(scope="module", params=["2.43", "2.42"])
def night(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Night]:
    folder = tmp_path_factory.mktemp("scene")
    scene = set_up(folder, request.param)
    with Nursery() as nursery:
        yield Night(scene, nursery, *places(scene, folder, nursery))


def chosen(night: Night) -> list[str]:
    """Choose every second place of the stages, and one in the middle of those that are everywhere.

    The older generation goes through what depends on the server, and through its second chunk.
    """
    times = defaultdict(list)
    for place in night.places:
        times[place.partition("#")[0]].append(place)
    if night.scene.generation == "2.42":
        return [
            one for name, hits in times.items() if name.startswith(DIFFERENT) for one in hits[-1:]
        ]
    first = [hits[0] for name, hits in times.items() if name.startswith(STAGES)]
    return first[::2] + [
        one
        for name, hits in times.items()
        if name.startswith(EVERYWHERE)
        for one in hits[len(hits) // 2 :][:1]
    ]


def test_a_night_reaches_places_in_every_stage(night: Night) -> None:
    names = {place.partition(".")[0] for place in night.places}

    assert names == {*STAGES, *EVERYWHERE}
    assert night.end.posts == 2
    assert night.end.published["main.run_outcomes"]


@pytest.mark.parametrize("share", range(SHARES))
def test_a_night_that_is_killed_anywhere_ends_as_if_it_had_not_been(
    night: Night, share: int, tmp_path: Path
) -> None:
    for number, place in enumerate(chosen(night)[share::SHARES]):
        end = killed_at(night.scene, tmp_path / str(number), night.nursery, place)
        for seen, undisturbed, what in zip(end, night.end, End._fields, strict=True):
            assert seen == undisturbed, f"killed at {place}: {what}"
