"""A load begins at the measured pace, slows down when the server asks for it, and recovers."""

from collections.abc import Callable

import pytest

from pipeline.load.throttle import LIMITS_FROM_2_43, LIMITS_TO_2_42, Throttle, ThrottleLimits
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


def throttle(
    time: Time, limits: ThrottleLimits = LIMITS_FROM_2_43, budget: float = 120
) -> Throttle:
    return Throttle(limits, budget, ticks=lambda: time.now, sleep=time.sleep)


def test_it_begins_as_was_measured_for_each_generation(time: Time) -> None:
    old, new = throttle(time, LIMITS_TO_2_42), throttle(time, LIMITS_FROM_2_43)

    assert (old.rows(FORM), old.in_flight) == (5_000, 2)
    assert (new.rows(FORM), new.in_flight) == (1_000, 4)


LESSONS: list[tuple[str, Callable[[Throttle], None], int, int]] = [
    ("a slow answer", lambda one: one.record_answer(FORM, 25), 1_000, 2),
    ("an answer of usual length", lambda one: one.record_answer(FORM, 10), 1_000, 4),
    ("a busy server", lambda one: one.back_off(FORM, None, is_lost=False), 1_000, 2),
    ("a lost answer", lambda one: one.back_off(FORM, None, is_lost=True), 500, 2),
    ("a request that is too large", lambda one: one.record_too_large(FORM, 800), 400, 4),
]


@pytest.mark.parametrize(("learn", "rows", "in_flight"), [one[1:] for one in LESSONS])
def test_it_learns_from_each_answer(
    time: Time, learn: Callable[[Throttle], None], rows: int, in_flight: int
) -> None:
    slower = throttle(time)

    learn(slower)

    assert (slower.rows(FORM), slower.in_flight) == (rows, in_flight)
    assert slower.rows("another form") == 1_000


def test_it_never_leaves_its_bounds(time: Time) -> None:
    one = throttle(time, budget=10_000)
    for _ in range(20):
        one.record_answer(FORM, 60)
    assert (one.rows(FORM), one.in_flight) == (50, 1)

    for _ in range(99):
        one.record_answer(FORM, 0.1)
    assert (one.rows(FORM), one.in_flight) == (1_000, 4)


def test_what_was_too_large_once_is_not_tried_again(time: Time) -> None:
    one = throttle(time)
    one.record_too_large(FORM, 100)
    for _ in range(99):
        one.record_answer(FORM, 0.1)

    assert one.rows(FORM) == 50


def test_it_waits_as_long_as_the_server_asks(time: Time) -> None:
    one = throttle(time)
    one.back_off(FORM, 7.0, is_lost=False)
    one.wait_for_turn()
    one.wait_for_turn()

    assert time.slept == [7.0]


def test_it_waits_longer_each_time_until_something_is_taken(time: Time) -> None:
    one = throttle(time)
    for _ in range(3):
        one.back_off(FORM, None, is_lost=True)
        one.wait_for_turn()
    one.record_answer(FORM, 1)
    one.back_off(FORM, None, is_lost=True)
    one.wait_for_turn()

    assert time.slept == [0.5, 1.0, 2.0, 0.5]


@pytest.mark.parametrize("asked", [None, 30.0, 3600.0])
def test_its_patience_has_an_end(time: Time, asked: float | None) -> None:
    one = throttle(time, budget=100)

    def persist() -> None:
        for _ in range(20):
            one.back_off(FORM, asked, is_lost=False)
            one.wait_for_turn()

    with pytest.raises(ServerError, match="too busy to be written to"):
        persist()

    assert sum(time.slept) <= 100
