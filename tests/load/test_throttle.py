"""A load begins at the measured pace, slows down when the server asks for it, and recovers."""

from collections.abc import Callable

import pytest

from pipeline.load.throttle import NEW_MANNERS, OLD_MANNERS, Manners, Pace
from pipeline.text.errors import ServerError

FORM = "ds_monthly"


class Time:
    """A clock that stands still until somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def time() -> Time:
    return Time()


def pace(time: Time, manners: Manners = NEW_MANNERS, budget: float = 120) -> Pace:
    return Pace(manners, budget, ticks=lambda: time.now, sleep=time.sleep)


def test_it_begins_as_was_measured_for_each_generation(time: Time) -> None:
    old, new = pace(time, OLD_MANNERS), pace(time, NEW_MANNERS)

    assert (old.rows(FORM), old.in_flight) == (5_000, 2)
    assert (new.rows(FORM), new.in_flight) == (1_000, 4)


LESSONS: list[tuple[str, Callable[[Pace], None], int, int]] = [
    ("a slow answer", lambda one: one.answered(FORM, 25), 1_000, 2),
    ("an answer of usual length", lambda one: one.answered(FORM, 10), 1_000, 4),
    ("a busy server", lambda one: one.stumbled(FORM, None, is_lost=False), 1_000, 2),
    ("a lost answer", lambda one: one.stumbled(FORM, None, is_lost=True), 500, 2),
    ("a request that is too large", lambda one: one.too_large(FORM, 800), 400, 4),
]


@pytest.mark.parametrize(("learn", "rows", "in_flight"), [one[1:] for one in LESSONS])
def test_it_learns_from_each_answer(
    time: Time, learn: Callable[[Pace], None], rows: int, in_flight: int
) -> None:
    slower = pace(time)

    learn(slower)

    assert (slower.rows(FORM), slower.in_flight) == (rows, in_flight)
    assert slower.rows("another form") == 1_000


def test_it_never_leaves_its_bounds(time: Time) -> None:
    one = pace(time, budget=10_000)
    for _ in range(20):
        one.answered(FORM, 60)
    assert (one.rows(FORM), one.in_flight) == (50, 1)

    for _ in range(99):
        one.answered(FORM, 0.1)
    assert (one.rows(FORM), one.in_flight) == (1_000, 4)


def test_what_was_too_large_once_is_not_tried_again(time: Time) -> None:
    one = pace(time)
    one.too_large(FORM, 100)
    for _ in range(99):
        one.answered(FORM, 0.1)

    assert one.rows(FORM) == 50


def test_it_waits_as_long_as_the_server_asks(time: Time) -> None:
    one = pace(time)
    one.stumbled(FORM, 7.0, is_lost=False)
    one.breathe()
    one.breathe()

    assert time.slept == [7.0]


def test_it_waits_longer_each_time_until_something_is_taken(time: Time) -> None:
    one = pace(time)
    for _ in range(3):
        one.stumbled(FORM, None, is_lost=True)
        one.breathe()
    one.answered(FORM, 1)
    one.stumbled(FORM, None, is_lost=True)
    one.breathe()

    assert time.slept == [0.5, 1.0, 2.0, 0.5]


@pytest.mark.parametrize("asked", [None, 30.0, 3600.0])
def test_its_patience_has_an_end(time: Time, asked: float | None) -> None:
    one = pace(time, budget=100)

    def persist() -> None:
        for _ in range(20):
            one.stumbled(FORM, asked, is_lost=False)
            one.breathe()

    with pytest.raises(ServerError, match="too busy to be written to"):
        persist()

    assert sum(time.slept) <= 100
