"""Confirm chunks that were read back: what arrived is in the ledger, what became of all is kept."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pandera.typing.polars import DataFrame

from pipeline.ledger.settling import ReadBackChunk, confirm
from pipeline.load.context import LoadContext
from pipeline.load.rules.judging import as_intents
from pipeline.load.rules.payloads import Chunk
from schemas.load import NumberedOutcomes

# Cells, and seconds, that may wait for the ledger. A chunk that is not confirmed when the process
# is killed is read back once more, so none waits for long.
MOST_UNCONFIRMED = 500_000
LONGEST_UNCONFIRMED = 20.0

Confirm = Callable[[Chunk, DataFrame[NumberedOutcomes]], None]


@contextmanager
def confirming(context: LoadContext) -> Iterator[Confirm]:
    """Take chunks that were read back, and confirm several at a time, the last ones at the end.

    To write the ledger costs much the same for one chunk as for many.
    """
    waiting: list[ReadBackChunk] = []
    began = 0.0

    def confirm_all() -> None:
        confirm(context.work, context.info.system_id, context.work.run, waiting, context.clock())
        waiting.clear()

    def take(chunk: Chunk, outcomes: DataFrame[NumberedOutcomes]) -> None:
        nonlocal began
        began = began if waiting else context.throttle.ticks()
        waiting.append(ReadBackChunk(chunk.number, as_intents(chunk.rows), outcomes))
        cells = sum(one.intents.height for one in waiting)
        if cells >= MOST_UNCONFIRMED or context.throttle.ticks() - began >= LONGEST_UNCONFIRMED:
            confirm_all()

    try:
        yield take
    finally:
        confirm_all()
