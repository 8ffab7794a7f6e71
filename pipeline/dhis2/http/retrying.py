"""Ask again, politely: as long as the server asks to wait, within one budget, then give up."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TypeVar

import stamina

from pipeline.text.errors import ServerError

FIRST_WAIT = timedelta(seconds=0.5)
LONGEST_WAIT = timedelta(seconds=60)

_Answer = TypeVar("_Answer")


class PassingError(Exception):
    """A fault that may pass by itself; `letter` is what to say when it does not.

    `wait` is how long the server asked to be left alone, if it did.
    """

    def __init__(self, letter: ServerError, wait: timedelta | None = None) -> None:
        super().__init__(letter.what)
        self.letter = letter
        self.wait = wait


def persist(ask: Callable[[], _Answer], attempts: int, budget: timedelta) -> _Answer:
    """Ask until there is an answer, at most so often and about so long; then raise the letter."""
    patience = Patience(budget)
    caller = stamina.RetryingCaller(
        attempts=attempts if budget else 1,
        timeout=budget or None,
        wait_initial=FIRST_WAIT,
        wait_max=LONGEST_WAIT,
    )
    try:
        return caller(patience.wait, ask)
    except PassingError as passing:
        raise passing.letter from passing.__cause__


class Patience:
    """How long to wait after a fault: as long as the server says, if the budget has room for it."""

    def __init__(self, budget: timedelta, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until = clock() + budget.total_seconds()

    def wait(self, fault: Exception) -> bool | timedelta:
        """The wait the server asked for; True for one of our choice, False to give up."""
        if not isinstance(fault, PassingError):
            return False
        if fault.wait is None:
            return True
        too_late = self._clock() + fault.wait.total_seconds() > self._until
        return False if too_late or fault.wait > LONGEST_WAIT else fault.wait


def asked_to_wait(written: str, now: datetime) -> timedelta | None:
    """Read a Retry-After header, which holds seconds or a date; None when it says nothing."""
    if written.isascii() and written.isdigit():
        return timedelta(seconds=min(int(written), 10**6))
    try:
        return max(parsedate_to_datetime(written) - now, timedelta(0))
    except (TypeError, ValueError):
        return None
