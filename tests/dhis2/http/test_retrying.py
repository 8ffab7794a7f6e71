"""The server says how long to wait; we do as it says, or give up, but never wait less."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.dhis2.http.retrying import PassingError, Patience, asked_to_wait, persist
from pipeline.text.errors import ServerError

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
BUDGET = timedelta(seconds=50)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("7", 7),
        ("0", 0),
        ("Tue, 24 Nov 2026 06:01:30 GMT", 90),
        ("Tue, 24 Nov 2026 05:00:00 GMT", 0),
        ("9" * 30, 10**6),
        ("-1", None),
        ("1.5", None),
        ("soon", None),
        ("Tue, 24 Nov 2026 06:01:30", None),
        ("", None),
    ],
)
def test_retry_after_holds_seconds_or_a_date(written: str, seconds: int | None) -> None:
    expected = None if seconds is None else timedelta(seconds=seconds)

    assert asked_to_wait(written, NOW) == expected


def passing(wait: float | None = None) -> PassingError:
    asked = None if wait is None else timedelta(seconds=wait)
    return PassingError(ServerError("busy"), asked)


@pytest.mark.parametrize(
    ("fault", "elapsed", "wait"),
    [
        (passing(), 0, True),
        (passing(7), 0, timedelta(seconds=7)),
        (passing(50), 0, timedelta(seconds=50)),
        (passing(51), 0, False),
        (passing(20), 30, timedelta(seconds=20)),
        (passing(20), 31, False),
        (passing(0), 50, timedelta(0)),
        (ServerError("refused"), 0, False),
        (ValueError("a bug"), 0, False),
    ],
)
def test_a_wait_that_outlasts_the_budget_is_not_begun(
    fault: Exception, elapsed: float, wait: bool | timedelta
) -> None:
    clock = iter([100.0, 100.0 + elapsed])

    assert Patience(BUDGET, lambda: next(clock)).wait(fault) == wait


def test_no_wait_is_longer_than_a_minute_whatever_the_budget() -> None:
    assert Patience(timedelta(hours=1)).wait(passing(61)) is False


def failing(times: int, asked: list[int]) -> Callable[[], str]:
    def ask() -> str:
        asked.append(1)
        if len(asked) <= times:
            raise passing() from OSError("why")
        return "told"

    return ask


def test_a_question_is_asked_until_it_is_answered() -> None:
    asked: list[int] = []

    assert persist(failing(2, asked), attempts=5, budget=BUDGET) == "told"
    assert len(asked) == 3


def test_the_letter_is_raised_when_patience_ends_and_keeps_its_cause() -> None:
    asked: list[int] = []

    with pytest.raises(ServerError, match="busy") as raised:
        persist(failing(9, asked), attempts=2, budget=BUDGET)

    assert len(asked) == 2
    assert isinstance(raised.value.__cause__, OSError)
