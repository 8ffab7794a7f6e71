"""Chunks that were read back wait for the ledger together, and none of them for long."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from pipeline.cells.dictionaries import extend
from pipeline.cells.key import KEY
from pipeline.cells.packing import with_cell
from pipeline.dhis2.system import read_account, read_system
from pipeline.ledger import journal
from pipeline.ledger.chunks import keep_intents, outcomes_of
from pipeline.load.confirming import LONGEST_UNCONFIRMED, confirming
from pipeline.load.context import LoadContext
from pipeline.load.rules.judging import loaded
from pipeline.load.rules.payloads import Chunk
from pipeline.load.throttle import LIMITS_FROM_2_43, Throttle
from schemas.load import ChunkRows, NumberedIntents
from tests.support.deployments import Post, now
from tests.support.models import completed
from tests.support.village import DATA_SET, key_of, ours, tracker, village

COUNTS = """
    month  | clinic | what  | number
    202609 | a      | cases | 5
    202610 | a      | cases | 6
"""
FIRST, SECOND = ("202609", "a", "cases", "5"), ("202610", "a", "cases", "6")


class Clock:
    """A clock that goes on when it is told to."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with village(tmp_path) as opened:
        tracker(opened, COUNTS)
        yield opened


def context_of(post: Post, ticks: Clock) -> LoadContext:
    work, _ = post.plan()
    keys = pl.DataFrame([key_of(*line[:3]) for line in (FIRST, SECOND)], list(KEY), orient="row")
    return LoadContext(
        work=work,
        client=post.client,
        info=read_system(post.client),
        account=read_account(post.client),
        throttle=Throttle(LIMITS_FROM_2_43, 60, ticks=ticks),
        clock=now,
        dictionaries=extend(work.store.dictionaries(), keys),
        assigned=pl.DataFrame(),
    )


def chunk_of(context: LoadContext, number: int, line: tuple[str, ...]) -> Chunk:
    """Give a chunk of one cell, of which the journal knows."""
    key = pl.DataFrame([key_of(*line[:3])], list(KEY), orient="row")
    meant = key.with_columns(data_set=pl.lit(DATA_SET), send=pl.lit(line[3]), delete=False)
    rows = completed(with_cell(meant, context.dictionaries), ChunkRows)
    intents = completed(rows, NumberedIntents)
    keep_intents(context.work.run, number, DATA_SET, intents, now())
    return Chunk(number, DATA_SET, rows)


def test_a_chunk_waits_for_the_next_and_the_end_confirms_what_is_left(post: Post) -> None:
    context = context_of(post, Clock())
    with confirming(context) as confirm:
        for number, line in enumerate((FIRST, SECOND), start=1):
            chunk = chunk_of(context, number, line)
            confirm(chunk, loaded(chunk.rows))
        assert ours(post) == []
        assert len(journal.open_chunks(context.work.run)) == 2

    assert ours(post) == [FIRST, SECOND]
    assert journal.open_chunks(context.work.run) == []
    assert outcomes_of(context.work.run).height == 2


def test_what_waited_too_long_is_confirmed_with_the_next_chunk(post: Post) -> None:
    ticks = Clock()
    context = context_of(post, ticks)
    with confirming(context) as confirm:
        first, second = chunk_of(context, 1, FIRST), chunk_of(context, 2, SECOND)
        confirm(first, loaded(first.rows))
        ticks.seconds = LONGEST_UNCONFIRMED
        confirm(second, loaded(second.rows))

        assert ours(post) == [FIRST, SECOND]


def test_a_load_that_fails_confirms_what_was_read_back_before(post: Post) -> None:
    context = context_of(post, Clock())
    chunk = chunk_of(context, 1, FIRST)

    def broken_off() -> None:
        with confirming(context) as confirm:
            confirm(chunk, loaded(chunk.rows))
            raise RuntimeError("gone")

    with pytest.raises(RuntimeError, match="gone"):
        broken_off()

    assert ours(post) == [FIRST]
