"""What the indicators that were added to the recorded servers later count, from their events."""

from collections.abc import Iterable
from typing import NamedTuple

from sandbox.state.recorded import read_json
from sandbox.state.register import Place, Register
from sandbox.state.world import World
from tests.sandbox.recordings.pairs import RECORDINGS

MALE, FEMALE = "zGV9z4zXWGW", "VSYYHE9j8n8"
EVENTS_TIMES = {
    "A8NX2C9tsH3": 1,
    "ur5baByr7hQ": 1,
    "xtKJP98gymF": 1,
    "dzP1PIC5E7r": 1,
    "QOKX62zcwYp": 20_000_000,
    "C0y7MLdulwq": 20_000_000,
    "ICkBo48qP4X": 3_000_000_000,
    "eWcEQmzoe2z": 0,
}
MEAN_WEIGHT = "riBwR01I956"
AVERAGES = ("xhoymlcLqSz", "VJzIgztNkvU")
SUM_OF_WEIGHTS = "c9mlRJZIhVP"
OVERLAPPING, ONLY_MALE, BY_SEX = "aSgdxv751MU", "NXDm9ysyvMx", "czT2Lj5pANy"
BROKEN = {"XFGDakHiFKb": "22012", "MPC4xkcBP7k": "42803", "RIphGgHcwTF": "42703"}


class Events(NamedTuple):
    """The events of a site in a month."""

    site: str
    month: str
    number: int
    of_men: int
    of_women: int
    weighed: int
    weight: float


def teach_later_indicators(world: World) -> None:
    """Let the world answer the later indicators, and know which of them cannot be run."""
    register = world.answers
    assert isinstance(register, Register)
    for line in read_json(RECORDINGS / "world" / "events.json.gz"):
        teach(register, Events(*line))
    world.broken = dict(BROKEN)
    world.built = register.snapshot()


def teach(register: Register, events: Events) -> None:
    """Count the events of one site and month for every later indicator."""
    plain = Place(events.month, events.site, ())
    for indicator, times in EVENTS_TIMES.items():
        register.count(indicator, plain, events.number * times)
    if events.weighed:
        weigh(register, events, AVERAGES)
        register.count(SUM_OF_WEIGHTS, plain, events.weight)
    split = [
        (OVERLAPPING, (FEMALE, MALE), events.of_men),
        (OVERLAPPING, (FEMALE,), events.of_women),
        (ONLY_MALE, (MALE,), events.of_men),
        (BY_SEX, (MALE,), events.of_men),
        (BY_SEX, (FEMALE,), events.of_women),
    ]
    for indicator, options, number in split:
        if number:
            register.count(indicator, plain._replace(options=options), number)


def weigh(register: Register, events: Events, indicators: Iterable[str]) -> None:
    """Let indicators give the mean weight of the events of one site and month."""
    for indicator in indicators:
        places = register.weighed.setdefault(indicator, {})
        places[Place(events.month, events.site, ())] = (events.weight, events.weighed)


def teach_mean_weight(world: World) -> None:
    """Let the world take the mean weight of any events, where it knew only recorded means."""
    register = world.answers
    assert isinstance(register, Register)
    register.recorded_means = {
        key: mean for key, mean in register.recorded_means.items() if key[0] != MEAN_WEIGHT
    }
    for line in read_json(RECORDINGS / "world" / "events.json.gz"):
        events = Events(*line)
        if events.weighed:
            weigh(register, events, [MEAN_WEIGHT])
    world.built = register.snapshot()


def one_more_event(world: World, site: str, month: str) -> None:
    """Count an event without sex or weight that somebody entered just now."""
    register = world.answers
    assert isinstance(register, Register)
    place = Place(month, site, ())
    for indicator, times in EVENTS_TIMES.items():
        number = register.counts[indicator].get(place, 0) + times
        register.count(indicator, place, number)
