"""Read, write and read back one chunk, until each of its cells has an outcome."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

import polars as pl

from pipeline.cells.dictionaries import Dictionaries
from pipeline.cells.packing import with_cell
from pipeline.dhis2.data_value_sets import post, read_current
from pipeline.dhis2.http.client import Client
from pipeline.ledger import journal
from pipeline.load.rules.bisection import RefusalBudget, bisect
from pipeline.load.rules.judging import (
    Reply,
    drift,
    given_up,
    judge,
    loaded,
    read_back,
    without_a_form,
    without_a_request,
)
from pipeline.load.rules.payloads import Chunk, parts_of, payload
from pipeline.load.throttle import Throttle
from pipeline.probes.failpoints import reach
from pipeline.run.work import Work
from schemas.server import Account, SystemInfo

MOST_ROUNDS = 8
BUSY_OR_LOST = frozenset({"busy", "lost"})


class CurrentCells(NamedTuple):
    """What stood in a data set at a moment, for some periods, after the last write to them."""

    data_set: str
    periods: tuple[str, ...]
    cells: pl.DataFrame

    def covers(self, chunk: Chunk) -> bool:
        """Tell whether a chunk's cells are among these."""
        return self.data_set == chunk.data_set and set(chunk.periods) <= set(self.periods)


@dataclass(frozen=True)
class LoadContext:
    """Where a load is done: whose, into which system, within which limits.

    `assigned` tells which org units reported which data sets when the load began.
    """

    work: Work
    client: Client
    info: SystemInfo
    account: Account
    throttle: Throttle
    clock: Callable[[], datetime]
    dictionaries: Dictionaries
    assigned: pl.DataFrame
    refusal_budget: RefusalBudget = field(default_factory=RefusalBudget)

    def wait_for_turn(self) -> None:
        """Wait until the server wants to be written to again."""
        with self.work.stopwatch.measuring("patience"):
            self.throttle.wait_for_turn()

    def read_current(self, chunk: Chunk) -> CurrentCells:
        """Read what stands in the chunk's data set and periods now."""
        roots = self.account.reading_roots
        cells = read_current(self.client, chunk.data_set, chunk.periods, roots)
        known = with_cell(cells, self.dictionaries).filter(pl.col("cell").is_not_null())
        return CurrentCells(chunk.data_set, tuple(chunk.periods), known)


class ChunkResult(NamedTuple):
    """A chunk's rows with their outcomes, and what stood there when all was done, if known."""

    told: pl.DataFrame
    current: CurrentCells | None


def send_chunk(
    context: LoadContext, chunk: Chunk, current: CurrentCells, pool: ThreadPoolExecutor
) -> ChunkResult:
    """Write what still stands as the plan saw it; the target tells what became of each row.

    `current` was taken just before. The requests go out side by side, some at a time, and one
    reading tells of them all; who is sent again is read again before.
    """
    seen = drift(chunk.rows, current.cells)
    planned = seen.filter(pl.col("state") == "as_planned").drop("state", "now")
    ready = planned.join(
        context.assigned, on=["data_set", "org_unit"], how="semi", maintain_order="left"
    )
    told = [without_a_request(seen), without_a_form(planned, context.assigned)]
    journal.intend(context.work.run, chunk._replace(rows=ready), context.clock())
    reach("load.planned")
    if ready.is_empty():
        return ChunkResult(pl.concat(told), current)
    deliveries = [
        Delivery(context, chunk, number, rows)
        for number, rows in enumerate(
            parts_of(ready, context.throttle.rows(chunk.data_set)), start=1
        )
    ]
    _send_each_once(context, deliveries, pool)
    with context.work.stopwatch.measuring("confirm"):
        after = context.read_current(chunk)
    reach("load.read_back")
    waiting = list(zip(deliveries, _shares(after, deliveries), strict=True))
    while waiting:
        now, waiting = waiting[: context.throttle.in_flight], waiting[context.throttle.in_flight :]
        told += pool.map(lambda pair: pair[0].finish(pair[1]), now)
    is_last = all(one.reply is not None and one.requests == 1 for one in deliveries)
    return ChunkResult(pl.concat(told), after if is_last else None)


def _send_each_once(
    context: LoadContext, deliveries: list["Delivery"], pool: ThreadPoolExecutor
) -> None:
    """Send the parts of a chunk, some at a time.

    When the server has to be waited for, the rest stays here: it is read again before it goes.
    """
    waiting = deliveries
    while waiting and not any(one.is_busy_or_lost for one in deliveries):
        now, waiting = waiting[: context.throttle.in_flight], waiting[context.throttle.in_flight :]
        list(pool.map(Delivery.send_once, now))


def _shares(current: CurrentCells, deliveries: Sequence["Delivery"]) -> list[CurrentCells]:
    """Give each delivery its own cells of what was read; a country's month is too much for each."""
    owners = pl.concat(
        one.rows.select("cell", owner=pl.lit(at)) for at, one in enumerate(deliveries)
    )
    owned = current.cells.join(owners, on="cell", how="inner", validate="1:1")
    mine = owned.partition_by("owner", as_dict=True, include_key=False)
    nothing = current.cells.clear()
    return [current._replace(cells=mine.get((at,), nothing)) for at in range(len(deliveries))]


@dataclass
class Delivery:
    """One part of a chunk on its way, in one request or in several that follow each other."""

    context: LoadContext
    chunk: Chunk
    number: int
    rows: pl.DataFrame
    told: list[pl.DataFrame] = field(default_factory=list)
    requests: int = 0
    reply: Reply | None = None

    @property
    def is_busy_or_lost(self) -> bool:
        """Tell whether the server was busy, or its answer was lost."""
        return self.reply is not None and self.reply.ended in BUSY_OR_LOST

    def send_once(self) -> None:
        """Send the whole part, and keep what came of it."""
        self.reply = self._ask(self.rows)

    def finish(self, current: CurrentCells) -> pl.DataFrame:
        """Give each row its outcome, sending again in one piece or in parts what may go again.

        `current` was taken after the part was sent, if it was.
        """
        if self.reply is None:
            left = self._send_again(self.rows.with_columns(said=pl.lit(None, pl.String)))
        else:
            left = self._settle(self.rows, self.reply, current, MOST_ROUNDS)
        self.told.append(given_up(bisect(left, self._send_again, self.context.refusal_budget)))
        return pl.concat(self.told)

    def _settle(
        self, rows: pl.DataFrame, reply: Reply, current: CurrentCells, rounds: int
    ) -> pl.DataFrame:
        """Note what became of the rows of a request; give those of which nobody knows why."""
        verdict = judge(rows, current.cells, reply)
        self.told.append(verdict.told)
        again = verdict.again
        if again.is_empty() or not rounds:
            return pl.concat([verdict.together, again], how="diagonal_relaxed")
        in_halves = reply.ended in {"lost", "too_large"}
        most = -(-again.height // 2) if in_halves else again.height
        left = [self._send_again(piece, rounds - 1) for piece in parts_of(again, most)]
        return pl.concat([verdict.together, *left], how="diagonal_relaxed")

    def _send_again(self, rows: pl.DataFrame, rounds: int = MOST_ROUNDS) -> pl.DataFrame:
        """Read rows again and send those that still stand as planned; give what is left of them.

        A server that is slow to act may have written them after all, since they were last read.
        """
        self.context.wait_for_turn()
        chunk = self.chunk._replace(rows=rows)
        cells = self.context.read_current(chunk).cells
        back = read_back(rows, cells, by=self.context.account.username)
        late = pl.col("arrived") & pl.lit(self.requests > 0)
        self.told.append(loaded(back.filter(late)))
        seen = drift(back.filter(~late).drop("arrived"), cells)
        self.told.append(without_a_request(seen))
        ready = seen.filter(pl.col("state") == "as_planned").drop("state", "now")
        if ready.is_empty():
            return ready
        reply = self._ask(ready)
        return self._settle(ready, reply, self.context.read_current(chunk), rounds)

    def _ask(self, rows: pl.DataFrame) -> Reply:
        """Send one request; what comes of it is noted, and adapts the throttle."""
        context, run, chunk = self.context, self.context.work.run, self.chunk
        self.requests += 1
        name = f"{self.number:02d}-{self.requests}"
        body = payload(chunk.data_set, rows)
        packed = journal.sent(run, chunk.number, name, body, context.clock())
        reach("load.sent")
        began = context.throttle.ticks()
        summary = post(context.client, packed, context.info)
        seconds = context.throttle.ticks() - began
        reach("load.posted")
        journal.answered(run, chunk.number, name, summary.as_record(), context.clock())
        reach("load.answered")
        reply = summary.reply
        if reply.ended in BUSY_OR_LOST:
            is_lost = reply.ended == "lost"
            context.throttle.back_off(chunk.data_set, summary.wait_seconds, is_lost=is_lost)
        elif reply.ended == "too_large":
            context.throttle.too_large(chunk.data_set, rows.height)
        else:
            context.throttle.answered(chunk.data_set, seconds)
        return reply
