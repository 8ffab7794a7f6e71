"""How a server likes to be written to: as fast as it is glad to, slower when it asks for it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from pipeline.dhis2.http.retrying import FIRST_WAIT, LONGEST_WAIT
from pipeline.text.errors import ServerError
from schemas.server import SystemInfo

SLOW_SECONDS = 20.0  # proxies on the way lose their patience after 30 or 60
QUICK_SECONDS = 5.0
QUICK_ONES = 4
# A chunk is read before and after with all that its periods hold, which costs a server as much as
# writing some thousand values; so a chunk has some turns of requests, and lasts some seconds: a
# month of a large country is one (measured: 14 s on 2.42, a third of that month in 20 s on 2.43).
TURNS_OF_A_CHUNK = 10


@dataclass(frozen=True)
class ThrottleLimits:
    """The bounds within which a load of one generation of servers adapts itself.

    It begins with the most, which is what was quickest on real servers.
    """

    fewest_rows: int
    most_rows: int
    most_in_flight: int


# Measured on real servers, in microseconds a new value: 166 on 2.42 (with preheatCache; 210 with
# 1,000 rows), 493 on 2.43 (580 with 5,000 rows). See docs/dhis2.md, Limits.
LIMITS_TO_2_42 = ThrottleLimits(fewest_rows=250, most_rows=5_000, most_in_flight=2)
LIMITS_FROM_2_43 = ThrottleLimits(fewest_rows=50, most_rows=1_000, most_in_flight=4)


def limits_for(info: SystemInfo) -> ThrottleLimits:
    """Limits that suit a server's generation."""
    return LIMITS_FROM_2_43 if info.is_new_engine else LIMITS_TO_2_42


class Throttle:
    """How many rows a request has, and how many requests are under way, at this moment.

    Safe to use from several threads. `budget` is how many seconds may be waited in
    all; `ticks` and `sleep` are the clock.
    """

    def __init__(
        self,
        limits: ThrottleLimits,
        budget: float,
        ticks: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.in_flight = limits.most_in_flight
        self.ticks = ticks
        self.limits = limits
        self._most: dict[str, int] = {}
        self._rows: dict[str, int] = {}
        self._budget = budget
        self._sleep = sleep
        self._wait = FIRST_WAIT.total_seconds()
        self._not_before = ticks()
        self._quick = 0
        self._lock = Lock()

    def rows(self, data_set: str) -> int:
        """How many rows one request of a data set may have now."""
        return self._rows.get(data_set, self.limits.most_rows)

    def rows_of_a_chunk(self, data_set: str) -> int:
        """How many rows may be written between two readings of a data set now."""
        return self.rows(data_set) * self.in_flight * TURNS_OF_A_CHUNK

    def wait_for_turn(self) -> None:
        """Wait until the server wants to be written to again.

        Raises `ServerError` when that would take longer than all the patience there is.
        """
        with self._lock:
            wait = self._not_before - self.ticks()
            is_over = self._budget < 0
        if is_over:
            raise ServerError(
                "the server is too busy to be written to, or does not answer",
                where="POST /api/dataValueSets",
                remedy="try later, when fewer people use it",
            )
        if wait > 0:
            self._sleep(wait)

    def record_answer(self, data_set: str, seconds: float) -> None:
        """Learn from an answer: a slow one asks for less, several quick ones allow more."""
        with self._lock:
            self._wait = FIRST_WAIT.total_seconds()
            if seconds > SLOW_SECONDS:
                self._quick = 0
                self._slow_down(data_set)
            elif seconds < QUICK_SECONDS:
                self._quick += 1
                if self._quick >= QUICK_ONES:
                    self._quick = 0
                    self._speed_up(data_set)

    def back_off(self, data_set: str, asked: float | None, *, is_lost: bool) -> None:
        """Learn from a server that is busy or went away: wait, and do less at once.

        `asked`: the seconds it asked to be left alone; else each wait is twice the last. After a
        lost answer requests become smaller as well.
        """
        with self._lock:
            longest = LONGEST_WAIT.total_seconds()
            wait = self._wait if asked is None else asked
            self._wait = min(self._wait * 2, longest)
            self._budget = -1 if wait > longest else self._budget - wait
            self._not_before = max(self._not_before, self.ticks() + wait)
            self._quick = 0
            self.in_flight = max(1, self.in_flight // 2)
            if is_lost:
                self._shrink(data_set, self.rows(data_set) // 2)

    def record_too_large(self, data_set: str, rows: int) -> None:
        """Learn that a request of so many rows is too large, now and later."""
        with self._lock:
            self._most[data_set] = self._rows[data_set] = max(1, rows // 2)

    def _slow_down(self, data_set: str) -> None:
        if self.in_flight > 1:
            self.in_flight //= 2
        else:
            self._shrink(data_set, self.rows(data_set) // 2)

    def _speed_up(self, data_set: str) -> None:
        if self.in_flight < self.limits.most_in_flight:
            self.in_flight += 1
        else:
            most = self._most.get(data_set, self.limits.most_rows)
            self._rows[data_set] = min(self.rows(data_set) * 2, most)

    def _shrink(self, data_set: str, rows: int) -> None:
        fewest = min(self.limits.fewest_rows, self.rows(data_set))
        self._rows[data_set] = max(rows, fewest)
