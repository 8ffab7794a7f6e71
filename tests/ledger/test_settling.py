"""What an interrupted load left open is settled by what the target holds, and by whom."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from pipeline.cells.key import KEY
from pipeline.dhis2.system import read_system
from pipeline.ledger import journal
from pipeline.ledger.chunks import keep_intents, outcomes_of
from pipeline.ledger.settling import ledger_fingerprint, settle
from pipeline.run.work import Work
from sandbox.state.world import StoredValue
from schemas.load import NumberedIntents
from tests.support.deployments import Post, now
from tests.support.models import completed
from tests.support.village import DATA_SET, key_of, lines, ours, tracker, village

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
# What a load meant to write, what stands there now, who stored it: is it ours?
LEFT_OPEN = """
    month  | clinic | what     | number | now | by    | ours
    202609 | a      | cases    | 5      | 5   | tally | yes
    202609 | b      | cases    | 5      | 5.0 | tally | yes
    202609 | c      | cases    | 5      | 5   | clerk | no
    202610 | a      | cases    | 6      | 7   | tally | no
    202610 | b      | cases    | 6      | -   | -     | no
"""


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with village(tmp_path) as opened:
        tracker(opened, LEFT_OPEN)
        yield opened


def left_open(post: Post, *, system: str = "", was_sent: bool = True) -> Work:
    """Plan, and leave a load behind as if it had been killed: its chunk is not read back."""
    work, _ = post.plan()
    keys = pl.DataFrame([key_of(*line[:3]) for line in lines(LEFT_OPEN)], list(KEY), orient="row")
    numbers = pl.Series([line[3] for line in lines(LEFT_OPEN)])
    meant = keys.with_columns(data_set=pl.lit(DATA_SET), send=numbers, delete=False)
    begun = journal.Begun(system or post.world.system_id, "tally")
    journal.begin(work.run, begun, [], NOON)
    keep_intents(work.run, 1, DATA_SET, completed(meant, NumberedIntents), NOON)
    if was_sent:
        journal.sent(work.run, 1, "01-1", b"", sha256="", at=NOON)
    return work


def stand(post: Post) -> list[tuple[str, ...]]:
    """Let the target hold what the table says, and give the lines that are ours by it."""
    rows = [[cell.strip() for cell in line.split("|")] for line in LEFT_OPEN.split("\n")[2:-1]]
    at = post.world.clock()
    for month, clinic, what, _, value, by, _ in rows:
        if value != "-":
            post.world.values[key_of(month, clinic, what)] = StoredValue(value, by, at, at, None)
    return sorted(tuple(row[:4]) for row in rows if row[-1] == "yes")


def test_what_we_meant_and_stored_is_ours_and_nothing_else(post: Post) -> None:
    work = left_open(post)
    expected = stand(post)

    settled = settle(work, post.client, read_system(post.client), now())

    assert settled == len(expected)
    assert ours(post) == expected
    assert journal.open_chunks(work.run) == []
    assert set(outcomes_of(work.run)["outcome"]) == {"loaded"}


def test_a_chunk_of_which_nothing_left_is_closed_without_a_question(post: Post) -> None:
    work = left_open(post, was_sent=False)
    stand(post)

    assert settle(work, post.client, read_system(post.client), now()) == 0
    assert (ours(post), journal.open_chunks(work.run)) == ([], [])


def test_settling_twice_changes_nothing(post: Post) -> None:
    work = left_open(post)
    stand(post)
    info = read_system(post.client)
    settle(work, post.client, info, now())
    before = ledger_fingerprint(work, info.system_id)

    assert settle(work, post.client, info, now()) == 0
    assert ledger_fingerprint(work, info.system_id) == before


def test_a_load_into_another_system_stays_open(post: Post) -> None:
    work = left_open(post, system="another")
    stand(post)

    assert settle(work, post.client, read_system(post.client), now()) == 0
    assert len(journal.open_chunks(work.run)) == 1
