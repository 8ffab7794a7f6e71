"""Note what goes on when, so that a run can tell where its time went."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Literal, NamedTuple, TypeVar

Doing = Literal["server", "network", "patience", "parse", "confirm"]
Item = TypeVar("Item")

# When several things go on at once, the time is the first one's.
TIME_COLUMNS: Mapping[Doing, str] = {
    "network": "network",
    "server": "server",
    "patience": "server",
    "parse": "parse",
}
OURS = "ours"


class Span(NamedTuple):
    """Something that went on from one moment to another; seconds of a clock without a date."""

    doing: Doing
    begin: float
    end: float


class Stopwatch:
    """Keeps spans of time, noted from several threads if need be."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.now = now
        self.spans: list[Span] = []

    def note(self, doing: Doing, begin: float) -> float:
        """Note that something went on until now; gives the moment."""
        moment = self.now()
        self.spans.append(Span(doing, begin, moment))
        return moment

    @contextmanager
    def measuring(self, doing: Doing) -> Iterator[None]:
        """Note how long the block takes."""
        begin = self.now()
        try:
            yield
        finally:
            self.note(doing, begin)

    def each(self, doing: Doing, items: Iterable[Item]) -> Iterator[Item]:
        """The items; how long each takes to come is noted."""
        source = iter(items)
        while True:
            with self.measuring(doing):
                try:
                    item = next(source)
                except StopIteration:
                    return
            yield item


class Part(NamedTuple):
    """A part of a run, its requests, and the seconds of it that each column has."""

    part: str
    requests: int
    seconds: Mapping[str, float]


def laid_out(part: str, begin: float, end: float, spans: Iterable[Span]) -> list[Part]:
    """Every moment of a part in one column: `server`, `network`, `parse`, or `ours` for the rest.

    What goes on while something is confirmed is a part of its own. The seconds of all add up to
    the whole.
    """
    inside = [span for span in spans if begin <= span.begin and span.end <= end]
    starts = [(span.begin, 1, span.doing) for span in inside]
    events = sorted([*starts, *((span.end, -1, span.doing) for span in inside)])
    seconds: dict[str, dict[str, float]] = {
        part: dict.fromkeys((*TIME_COLUMNS.values(), OURS), 0.0)
    }
    requests: Counter[str] = Counter()
    active: Counter[str] = Counter()
    moment = begin
    for at, change, doing in [*events, (end, 0, "confirm")]:
        here = "confirm" if active["confirm"] > 0 else part
        column = next((TIME_COLUMNS[one] for one in TIME_COLUMNS if active[one] > 0), OURS)
        seconds.setdefault(here, dict.fromkeys(seconds[part], 0.0))[column] += at - moment
        requests[here] += doing == "server" and change == 1
        active[doing] += change
        moment = at
    return [Part(name, requests[name], spent) for name, spent in seconds.items()]
