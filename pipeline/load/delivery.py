"""One part of a chunk on its way, until each of its cells has an outcome."""

from dataclasses import dataclass, field

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.dhis2.data_values.imports import post
from pipeline.ledger import journal
from pipeline.load.context import CurrentCells, LoadContext
from pipeline.load.rules.bisection import bisect
from pipeline.load.rules.judging import (
    Reply,
    arrived,
    as_intents,
    drift,
    given_up,
    judge,
    loaded,
)
from pipeline.load.rules.payloads import Chunk, compressed, fingerprint, parts_of, payload
from pipeline.probes.failpoints import reach
from schemas.frames import trusted
from schemas.load import ChunkRows, NumberedOutcomes

MOST_ROUNDS = 8
BUSY_OR_LOST = frozenset({"busy", "lost"})


@dataclass
class Delivery:
    """One part of a chunk on its way, in one request or in several that follow each other.

    `reply` is that of the first request, which has the whole part; None until it was sent.
    """

    context: LoadContext
    chunk: Chunk
    number: int
    rows: DataFrame[ChunkRows]
    requests: int = 0
    reply: Reply | None = None
    _outcomes: list[DataFrame[NumberedOutcomes]] = field(default_factory=list)

    @property
    def is_busy_or_lost(self) -> bool:
        """Whether the server was busy, or its answer was lost."""
        return self.reply is not None and self.reply.ended in BUSY_OR_LOST

    def send_once(self) -> None:
        """Send the whole part, and keep what came of it."""
        self.reply = self._post(self.rows)

    def finish(self, current: CurrentCells) -> DataFrame[NumberedOutcomes]:
        """The outcome of each row, after sending again in one piece or in parts what may go again.

        `current` was taken after the part was sent, if it was.
        """
        if self.reply is None:
            left = self._send_again(self.rows)
        else:
            left = self._resolve(self.rows, self.reply, current, MOST_ROUNDS)
        refused = bisect(left, self._send_again, self.context.refusal_budget)
        self._outcomes.append(given_up(refused))
        return trusted(pl.concat(self._outcomes), NumberedOutcomes)

    def _resolve(
        self, rows: DataFrame[ChunkRows], reply: Reply, current: CurrentCells, rounds: int
    ) -> DataFrame[ChunkRows]:
        """Note what became of the rows of a request; give those of which nobody knows why."""
        verdict = judge(rows, current.cells, reply)
        self._outcomes.append(verdict.outcomes)
        again = verdict.again
        if again.is_empty() or not rounds:
            return trusted(pl.concat([verdict.together, again]), ChunkRows)
        in_halves = reply.ended in {"lost", "too_large"}
        most = -(-again.height // 2) if in_halves else again.height
        left = [self._send_again(part, rounds - 1) for part in parts_of(again, most)]
        return trusted(pl.concat([verdict.together, *left]), ChunkRows)

    def _send_again(
        self, rows: DataFrame[ChunkRows], rounds: int = MOST_ROUNDS
    ) -> DataFrame[ChunkRows]:
        """Read rows again and send those that still stand as planned; give what is left of them.

        A server that is slow to act may have written them after all, since they were last read.
        """
        self.context.wait_for_turn()
        chunk = self.chunk._replace(rows=rows)
        cells = self.context.read_current(chunk).cells
        if self.requests:
            late = arrived(as_intents(rows), cells, by=self.context.account.username)
            self._outcomes.append(loaded(rows.filter(late)))
            rows = trusted(rows.filter(~late), ChunkRows)
        ready, others = drift(rows, cells)
        self._outcomes.append(others)
        if ready.is_empty():
            return ready
        reply = self._post(ready)
        return self._resolve(ready, reply, self.context.read_current(chunk), rounds)

    def _post(self, rows: DataFrame[ChunkRows]) -> Reply:
        """Send one request; what comes of it is noted, and adapts the throttle."""
        context, run, chunk = self.context, self.context.work.run, self.chunk
        self.requests += 1
        name = f"{self.number:02d}-{self.requests}"
        body = payload(chunk.data_set, rows)
        packed = compressed(body)
        journal.sent(run, chunk.number, name, packed, sha256=fingerprint(body), at=context.clock())
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
            context.throttle.record_too_large(chunk.data_set, rows.height)
        else:
            context.throttle.record_answer(chunk.data_set, seconds)
        return reply
