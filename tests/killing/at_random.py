"""Kill nights at places drawn by a seed: the long form of what the journeys try once."""

import logging
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple

import structlog

from tests.killing.nursery import Nursery
from tests.killing.scene import End, Scene, killed_at, places, set_up


class Undisturbed(NamedTuple):
    """A night that nothing happens to, the places it reaches, and what gives birth to others."""

    scene: Scene
    nursery: Nursery
    places: list[str]
    end: End
    room: TemporaryDirectory[str]


@cache
def undisturbed(generation: str) -> Undisturbed:
    """Let a night pass once in this process; it is what all others are compared with."""
    room = TemporaryDirectory(prefix="tally-night-")
    folder = Path(room.name)
    scene = set_up(folder, generation)
    nursery = Nursery().__enter__()  # it ends with this process
    return Undisturbed(scene, nursery, *places(scene, folder, nursery), room)


def kill_once(seed: int, generation: str) -> str:
    """Kill one night somewhere and let it go on; give what was lost, or nothing."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    night = undisturbed(generation)
    place = Random(seed).choice(night.places)
    with TemporaryDirectory() as folder:
        try:
            end = killed_at(night.scene, Path(folder) / "night", night.nursery, place)
        except AssertionError as loss:
            return f"killed at {place}: {loss}"
    lost = [what for what in End._fields if getattr(end, what) != getattr(night.end, what)]
    return f"killed at {place}: {', '.join(lost)}" if lost else ""
