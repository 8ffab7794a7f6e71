"""Put a run's questions to the source, a few at a time; the answers come in the order asked."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

from pipeline.dhis2.analytics import Clock, Response, ask_alone, utc_now
from pipeline.dhis2.client import Client
from pipeline.errors import ServerError
from pipeline.stages.scope import Scope
from pipeline.stages.work import Work

IN_FLIGHT = 2  # four gain little over two on a real server, and it has others to serve
AHEAD = 4  # answers that may wait in memory for an earlier one

Wish = TypeVar("Wish")
Told = TypeVar("Told")


def in_order(ask: Callable[[Wish], Told], wishes: Sequence[Wish]) -> Iterator[Told]:
    """Ask for everything with two requests in flight, and give what came in the order of wishes.

    The first letter ends it: nothing that was not under way is asked any more.
    """
    upcoming = iter(wishes)
    with hands(IN_FLIGHT) as pool:
        under_way = deque(pool.submit(ask, wish) for wish in islice(upcoming, AHEAD))
        while under_way:
            told = under_way.popleft().result()
            under_way.extend(pool.submit(ask, wish) for wish in islice(upcoming, 1))
            yield told


@contextmanager
def hands(number: int) -> Iterator[ThreadPoolExecutor]:
    """Lend threads; who is interrupted does not wait for a server that does not answer."""
    pool = ThreadPoolExecutor(number)
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def ask_about_one(
    work: Work, source: Client, scope: Scope, clock: Clock = utc_now
) -> list[Response] | ServerError:
    """Ask one indicator alone for its part of a scope; an error of the indicator is an answer."""
    told: list[Response] = []
    for question in scope.questions(row_limit=0, filters=work.settings.source.filters):
        answer = ask_alone(source, question, clock)
        if isinstance(answer, ServerError):
            return answer
        told += answer
    return told
