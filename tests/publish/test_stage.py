"""Analysts get a file that is whole and never changes, whatever happens meanwhile."""

import json
import os
import shutil
import stat
import subprocess
import sys
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import pytest

from pipeline.store.database import open_database
from pipeline.store.steps import query_frame
from pipeline.store.transfer import Store
from pipeline.text.errors import RefusedError, UnavailableError, UsageError
from tests.support.small_publication import World, answer
from tests.support.small_world import (
    CELLS,
    FIRST,
    NOON,
    SECOND,
    TARGET,
    THIRD,
    closings,
    commit,
    openings,
)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_a_publication_is_one_immutable_file_a_pointer_and_parquet(world: World) -> None:
    before = os.umask(0)
    try:
        published = world.publish()
    finally:
        os.umask(before)

    latest = json.loads((world.published / "latest.json").read_text())
    assert published.file.name == latest["file"] == f"tally-{SECOND}.duckdb"
    assert latest["sha256"] == sha256(published.file.read_bytes()).hexdigest()
    assert latest["published_at"] == "2026-11-01T12:00:00+00:00"
    assert os.readlink(world.latest) == published.file.name  # noqa: PTH115  # the text itself
    assert sorted(path.name for path in world.published.iterdir()) == [
        "README.md",
        "latest.duckdb",
        "latest.json",
        "parquet",
        f"tally-{SECOND}.duckdb",
    ]
    modes = {
        path.suffix if path.is_file() else "/": stat.S_IMODE(path.stat().st_mode)
        for path in [world.published, *world.published.rglob("*")]
    }
    assert modes == {"/": 0o750, ".duckdb": 0o444, ".parquet": 0o444, ".json": 0o640, ".md": 0o640}


def test_a_reader_keeps_the_file_it_opened_when_the_run_is_published_again(world: World) -> None:
    published = world.publish()
    query = "select count(*) from ledger"
    with open_database(published.file, read_only=True) as database:
        before = query_frame(database, query).rows()
        world.store.write_ledger(SECOND, TARGET, openings({CELLS[5]: 9}), closings({}), NOON)
        publish_elsewhere(world)
        assert query_frame(database, query).rows() == before

    assert answer(world.latest, query) == [(3,)]


def publish_elsewhere(world: World) -> None:
    """Publish from another process, as every run does."""
    program = (
        "import sys; from datetime import datetime, UTC; from pathlib import Path;"
        "from pipeline.publish.stage import publish;"
        "publish(*map(Path, sys.argv[1:3]), {}, Path(sys.argv[3]), run_id=sys.argv[4],"
        " now=datetime.now(UTC))"
    )
    paths = map(str, (world.store.path, world.run_folder, world.published))
    subprocess.run([sys.executable, "-c", program, *paths, SECOND], check=True)


def test_an_interrupted_publication_leaves_the_old_one_and_is_swept(world: World) -> None:
    world.publish()
    left_behind = world.published / ".tmp-abc"
    left_behind.mkdir()
    (left_behind / "tally.duckdb").write_bytes(b"half")
    (world.published / ".tally-x.duckdb.part").write_bytes(b"half")
    commit(world.store, THIRD, {})
    (world.run_folder / "rejects.parquet").write_bytes(b"not parquet")

    with suppress(Exception):
        world.publish(THIRD)

    assert answer(world.latest, "select run_id from latest_run") == [(SECOND,)]
    assert list(world.published.glob(".*")) == []
    assert not (world.published / f"tally-{THIRD}.duckdb").exists()


def test_a_full_disk_leaves_the_last_publication(world: World, small_disk: Path) -> None:
    world.published = small_disk / "published"
    world.publish()
    free = shutil.disk_usage(small_disk).free
    (small_disk / "something else").write_bytes(bytes(free - 200_000))
    commit(world.store, THIRD, {CELLS[0]: 1})

    with pytest.raises(UnavailableError, match="disk is full"):
        world.publish(THIRD)

    assert answer(world.latest, "select run_id from latest_run") == [(SECOND,)]
    assert list(world.published.glob(".*")) == []


def test_only_the_newest_run_of_a_store_is_published(world: World, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="is not the newest"):
        world.publish(FIRST)
    world.store = Store(tmp_path / "nothing.duckdb")
    with pytest.raises(UsageError, match="nothing to publish"):
        world.publish(FIRST)
