"""A store is made anew from a publication, or nothing is."""

import stat
from pathlib import Path

import pytest
from polars.testing import assert_frame_equal

from pipeline.store.copying import restore
from pipeline.store.database import open_database
from pipeline.store.transfer import Store
from pipeline.text.errors import RefusedError
from tests.support.small_publication import World
from tests.support.small_world import CELLS, FIRST, SECOND, TARGET, THIRD, commit, state_at


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_a_store_is_restored_from_a_publication(world: World, tmp_path: Path) -> None:
    published = world.publish()
    restored = Store(tmp_path / "again" / "malaria.duckdb")

    restore(published.file, restored.path)

    for found, expected in zip(restored.dictionaries(), world.store.dictionaries(), strict=True):
        assert_frame_equal(found, expected)
    assert_frame_equal(restored.runs(), world.store.runs())
    assert_frame_equal(restored.ledger(TARGET), world.store.ledger(TARGET))
    assert_frame_equal(restored.ledger_events(), world.store.ledger_events())
    for run_id in (FIRST, SECOND):
        assert state_at(restored, run_id) == state_at(world.store, run_id)
    assert restored.check() == []
    assert stat.S_IMODE(restored.path.stat().st_mode) == 0o600
    assert commit(restored, THIRD, {CELLS[0]: 10}).same == 1


def test_a_store_that_stands_is_never_restored_over(world: World) -> None:
    published = world.publish()

    with pytest.raises(RefusedError, match="a store stands"):
        restore(published.file, world.store.path)


def test_a_damaged_publication_restores_nothing(world: World, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.duckdb"
    damaged.write_bytes(world.publish().file.read_bytes()[:30_000])

    with pytest.raises(RefusedError, match="cannot be read"):
        restore(damaged, tmp_path / "again.duckdb")

    assert not (tmp_path / "again.duckdb").exists()


def test_a_publication_from_before_its_run_files_had_their_name_is_restored(
    world: World, tmp_path: Path
) -> None:
    older = tmp_path / "older.duckdb"
    older.write_bytes(world.publish().file.read_bytes())
    with open_database(older) as database:
        database.execute("drop view plan; drop view rejects; create schema papers")
        for name in ("plan", "rejects"):
            database.execute(f"create table papers.{name} as from run_files.{name}")
        database.execute("drop schema run_files cascade")
    restored = Store(tmp_path / "again.duckdb")

    restore(older, restored.path)

    assert_frame_equal(restored.ledger(TARGET), world.store.ledger(TARGET))
    assert restored.check() == []
