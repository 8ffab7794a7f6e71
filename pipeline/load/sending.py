"""Read, write and read back one chunk after the other, until nothing waits any more."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.dhis2.threads import thread_pool
from pipeline.ledger import journal
from pipeline.ledger.chunks import cells_done, keep_intents
from pipeline.load.confirming import confirming
from pipeline.load.context import CurrentCells, LoadContext
from pipeline.load.delivery import Delivery
from pipeline.load.rules.judging import drift, without_a_form
from pipeline.load.rules.payloads import Chunk, parts_of
from pipeline.load.rules.waiting import Waiting, next_chunk
from pipeline.probes.failpoints import reach
from pipeline.run.progress import Steps
from schemas.frames import columns, trusted
from schemas.load import ChunkRows, NumberedIntents, NumberedOutcomes
from schemas.values import PackedCurrentValues


def send_cells(context: LoadContext, planned: Waiting, steps: Steps) -> None:
    """Send, chunk by chunk, whatever has no outcome yet; each is read just before it goes out."""
    run, throttle = context.work.run, context.throttle
    waiting = planned.without(cells_done(run))
    steps.begin(waiting.height, of_rows=True)
    number, current = journal.next_number(run), None
    with thread_pool(throttle.limits.most_in_flight) as pool, confirming(context) as confirm:
        while waiting.height:
            context.wait_for_turn()
            most = throttle.rows_of_a_chunk(str(waiting.cells["data_set"][0]))
            chunk = next_chunk(waiting, number, most, context.dictionaries)
            if current is None or not current.covers(chunk):
                current = context.read_current(chunk)
            outcomes, current = send_chunk(context, chunk, current, pool)
            confirm(chunk, outcomes)
            steps.step(chunk.rows.height)
            waiting, number = waiting.after(chunk), number + 1


class ChunkResult(NamedTuple):
    """The outcomes of a chunk's rows, and what stood there when all was done, if known."""

    outcomes: DataFrame[NumberedOutcomes]
    current: CurrentCells | None


def send_chunk(
    context: LoadContext, chunk: Chunk, current: CurrentCells, pool: ThreadPoolExecutor
) -> ChunkResult:
    """Write what still stands as the plan saw it; the target tells what became of each row.

    `current` was taken just before. The requests go out side by side, some at a time, and one
    reading tells of them all; who is sent again is read again before.
    """
    planned, others = drift(chunk.rows, current.cells)
    outcomes = [others, without_a_form(planned, context.assigned)]
    ready = trusted(
        planned.join(
            context.assigned, on=["data_set", "org_unit"], how="semi", maintain_order="left"
        ),
        ChunkRows,
    )
    intents = trusted(ready.select(columns(NumberedIntents)), NumberedIntents)
    keep_intents(context.work.run, chunk.number, chunk.data_set, intents, context.clock())
    reach("load.planned")
    if ready.is_empty():
        return ChunkResult(trusted(pl.concat(outcomes), NumberedOutcomes), current)
    parts = parts_of(ready, context.throttle.rows(chunk.data_set))
    deliveries = [
        Delivery(context, chunk, number, rows) for number, rows in enumerate(parts, start=1)
    ]
    _send_each_once(context, deliveries, pool)
    with context.work.stopwatch.measuring("confirm"):
        read = context.read_current(chunk)
    reach("load.read_back")
    outcomes += _finish_each(context, deliveries, read, pool)
    is_last = all(one.reply is not None and one.requests == 1 for one in deliveries)
    return ChunkResult(trusted(pl.concat(outcomes), NumberedOutcomes), read if is_last else None)


def _send_each_once(
    context: LoadContext, deliveries: Sequence[Delivery], pool: ThreadPoolExecutor
) -> None:
    """Send the parts of a chunk, some at a time.

    When the server has to be waited for, the rest stays here: it is read again before it goes.
    """
    waiting = deliveries
    while waiting and not any(one.is_busy_or_lost for one in deliveries):
        now, waiting = waiting[: context.throttle.in_flight], waiting[context.throttle.in_flight :]
        list(pool.map(Delivery.send_once, now))


def _finish_each(
    context: LoadContext,
    deliveries: Sequence[Delivery],
    read: CurrentCells,
    pool: ThreadPoolExecutor,
) -> list[DataFrame[NumberedOutcomes]]:
    """The outcomes of all parts of a chunk, some at a time, as `read` shows them."""
    waiting = list(zip(deliveries, _shares(read, deliveries), strict=True))
    outcomes: list[DataFrame[NumberedOutcomes]] = []
    while waiting:
        now, waiting = waiting[: context.throttle.in_flight], waiting[context.throttle.in_flight :]
        outcomes += pool.map(lambda pair: pair[0].finish(pair[1]), now)
    return outcomes


def _shares(current: CurrentCells, deliveries: Sequence[Delivery]) -> list[CurrentCells]:
    """What was read, cut by delivery; a country's month is too much for each of them."""
    owners = pl.concat(
        one.rows.select("cell", owner=pl.lit(at)) for at, one in enumerate(deliveries)
    )
    owned = current.cells.join(owners, on="cell", how="inner", validate="1:1")
    shares = owned.partition_by("owner", as_dict=True, include_key=False)
    nothing = current.cells.clear()
    return [
        current._replace(cells=trusted(shares.get((at,), nothing), PackedCurrentValues))
        for at in range(len(deliveries))
    ]
