"""Publishing and reading do not disturb each other, whoever dies in the middle of it."""

import json
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.support.small_publication import World, answer
from tests.support.small_world import CELLS, NOON, SECOND, TARGET, THIRD, closings, commit, openings

READERS = 3
READ = """
import duckdb, json, sys, time
from pathlib import Path
latest, over = map(Path, sys.argv[1:])
seen, reads = {}, 0
while not over.exists() or not reads:
    with duckdb.connect(latest, read_only=True) as publication:
        run, rows, named = publication.execute(
            "select (from latest_run select run_id), count(*), count(org_unit) from ledger"
        ).fetchone()
        assert rows == named
        assert seen.setdefault(run, rows) == rows, (run, rows, seen)
    reads += 1
    time.sleep(0.01)
print(json.dumps({"reads": reads, "seen": seen}))
"""
PUBLISH = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from pipeline.publish.stage import publish
store, papers, place = map(Path, sys.argv[1:4])
publish(store, papers, {}, place, run_id=sys.argv[4], now=datetime.now(UTC))
"""


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    made.publish()
    return made


def test_many_readers_see_whole_publications_while_others_follow(
    world: World, tmp_path: Path
) -> None:
    over = tmp_path / "over"
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", READ, world.latest, over], stdout=subprocess.PIPE, text=True
        )
        for _ in range(READERS)
    ]
    expected = {SECOND: 2}
    for day in range(3, 7):
        run_id = f"202611{day:02d}T020000Z"
        commit(world.store, run_id, {CELLS[0]: day})
        world.store.write_ledger(run_id, TARGET, openings({CELLS[day]: 1}), closings({}), NOON)
        world.publish(run_id)
        expected[run_id] = day
    over.touch()
    told = [json.loads(reader.communicate()[0]) for reader in readers]

    assert [reader.returncode for reader in readers] == [0] * READERS
    for one in told:
        assert one["reads"] > 0
        assert one["seen"].items() <= expected.items()


def test_a_process_that_is_killed_while_it_publishes_leaves_the_last_publication(
    world: World,
) -> None:
    before = {path.name: path.read_bytes() for path in world.published.glob("[!.]*.*")}
    commit(world.store, THIRD, {CELLS[0]: 11})
    places = (world.store.path, world.run_folder, world.published)
    process = subprocess.Popen([sys.executable, "-c", PUBLISH, *map(str, places), THIRD])
    waiting = threading.Event()
    while not list(world.published.glob(".tmp-*/tally-*.duckdb")) and process.poll() is None:
        waiting.wait(0.002)
    process.send_signal(signal.SIGKILL)

    assert process.wait() == -signal.SIGKILL
    assert {path.name: path.read_bytes() for path in world.published.glob("[!.]*.*")} == before
    assert answer(world.latest, "select run_id from latest_run") == [(SECOND,)]

    world.publish(THIRD)

    assert answer(world.latest, "select run_id from latest_run") == [(THIRD,)]
    assert list(world.published.glob(".*")) == []
