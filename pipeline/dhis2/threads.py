"""Ask a server for several things at once; what comes is given in the order asked."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

IN_FLIGHT = 2  # four gain little over two on a real server, and it has others to serve

AHEAD = 4  # answers that may wait in memory for an earlier one

Request = TypeVar("Request")

Result = TypeVar("Result")


def in_order(ask: Callable[[Request], Result], wishes: Sequence[Request]) -> Iterator[Result]:
    """Ask for everything with two requests in flight, and give what came in the order of wishes.

    The first letter ends it: nothing that was not under way is asked any more.
    """
    upcoming = iter(wishes)
    with thread_pool(IN_FLIGHT) as pool:
        under_way = deque(pool.submit(ask, wish) for wish in islice(upcoming, AHEAD))
        while under_way:
            told = under_way.popleft().result()
            under_way.extend(pool.submit(ask, wish) for wish in islice(upcoming, 1))
            yield told


@contextmanager
def thread_pool(number: int) -> Iterator[ThreadPoolExecutor]:
    """Lend threads; who is interrupted does not wait for a server that does not answer."""
    pool = ThreadPoolExecutor(number)
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
