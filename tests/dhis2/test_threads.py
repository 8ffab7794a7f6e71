"""Several things are asked at once, and the answers come in the order asked."""

from threading import Event, Lock

import pytest

from pipeline.dhis2.threads import AHEAD, IN_FLIGHT, in_order


def test_answers_come_in_the_order_asked_whoever_is_quicker() -> None:
    second_is_there = Event()

    def ask(number: int) -> int:
        if number == 1:
            second_is_there.wait(timeout=10)
        if number == IN_FLIGHT:
            second_is_there.set()
        return number * 10

    assert list(in_order(ask, [1, 2, 3, 4])) == [10, 20, 30, 40]


def test_no_more_are_under_way_than_a_server_is_glad_of() -> None:
    lock, under_way, most = Lock(), 0, 0

    def ask(number: int) -> int:
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        with lock:
            under_way -= 1
        return number

    assert list(in_order(ask, range(50))) == list(range(50))
    assert most <= IN_FLIGHT


def test_the_first_letter_ends_it_and_little_more_is_asked() -> None:
    asked = []

    def ask(number: int) -> int:
        asked.append(number)
        if number == 0:
            raise ValueError("no")
        return number

    with pytest.raises(ValueError, match="no"):
        list(in_order(ask, range(100)))
    assert len(asked) <= AHEAD
