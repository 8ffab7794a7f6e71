"""A store is one private file that is whole, or a letter says what befell it."""

import os
import signal
import stat
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipeline.cells.dictionaries import empty_dictionaries
from pipeline.store.database import open_database
from pipeline.store.transfer import Store
from pipeline.text.errors import LockedError, RefusedError, TallyError, UnavailableError
from tests.support.small_world import (
    CELLS,
    EVERYTHING,
    FIRST,
    KNOWN,
    NOTHING,
    SECOND,
    TARGET,
    ask,
    commit,
    numbers,
    record,
    state,
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store" / "malaria.duckdb")


def test_a_store_that_was_never_written_is_empty_and_leaves_no_file(store: Store) -> None:
    assert store.runs().is_empty()
    assert store.snapshot().is_empty()
    assert store.ledger(TARGET).is_empty()
    for found, empty in zip(store.dictionaries(), empty_dictionaries(), strict=True):
        assert_frame_equal(found, empty)
    assert not store.path.exists()


def test_a_store_from_before_comparisons_gets_their_tables(store: Store) -> None:
    commit(store, FIRST, {CELLS[0]: 1})
    with open_database(store.path) as older:
        for name in ("comparisons", "compared_values", "compared_changes"):
            older.execute(f"drop table packed.{name}")

    commit(store, SECOND, {CELLS[0]: 2})

    assert ask(store, "from packed.compared_at(?)", SECOND).is_empty()
    assert store.check() == []


def test_a_store_is_for_its_owner_only_and_old_clients_can_read_it(store: Store) -> None:
    before = os.umask(0)
    try:
        commit(store, FIRST, {CELLS[0]: 1})
    finally:
        os.umask(before)

    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(store.path.parent.stat().st_mode) == 0o750
    assert [path.name for path in store.path.parent.iterdir()] == ["malaria.duckdb"]
    with open_database(store.path, read_only=True) as database:
        query = "select tags from duckdb_databases() where database_name = 'malaria'"
        assert database.execute(query).fetchall() == [({"storage_version": "v1.2.0+"},)]


def test_a_store_that_another_process_has_open_is_a_letter(store: Store) -> None:
    commit(store, FIRST, {CELLS[0]: 1})
    holder = (
        "import duckdb, sys; held = duckdb.connect(sys.argv[1]); print('open', flush=True);"
        " sys.stdin.read()"
    )
    command = [sys.executable, "-c", holder, str(store.path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()

        with pytest.raises(LockedError, match="another process has the store open"):
            store.snapshot()
        process.communicate()

    assert state(store.snapshot()) == {CELLS[0]: 1}


@pytest.mark.parametrize("where", [100, 0.5, 0.95])
def test_a_flipped_byte_never_makes_a_wrong_number(store: Store, where: float) -> None:
    values = {cell: float(number) for number, cell in enumerate(CELLS)}
    commit(store, FIRST, values)
    content = bytearray(store.path.read_bytes())
    content[int(where if where > 1 else where * len(content))] ^= 0x40
    store.path.write_bytes(content)

    with suppress(RefusedError):
        assert state(store.snapshot()) == values


def test_a_store_that_was_cut_short_is_a_letter(store: Store) -> None:
    commit(store, FIRST, {CELLS[0]: 1})
    store.path.write_bytes(store.path.read_bytes()[:20_000])

    with pytest.raises(RefusedError, match="cannot be read"):
        store.snapshot()


def test_a_store_of_a_newer_tally_is_left_alone(store: Store) -> None:
    commit(store, FIRST, {CELLS[0]: 1})
    with open_database(store.path) as database:
        database.execute("update packed.store_version set version = version + 1")

    with pytest.raises(RefusedError, match="newer Tally"):
        commit(store, SECOND, {})


def test_a_commit_that_fails_leaves_what_was_there(store: Store) -> None:
    commit(store, FIRST, {CELLS[0]: 1})
    twice = pl.concat([numbers({CELLS[0]: 2}), numbers({CELLS[0]: 3})])

    with pytest.raises(TallyError, match="would contradict itself"):
        store.commit_snapshot(record(SECOND), KNOWN, EVERYTHING, twice, NOTHING)

    assert state(store.snapshot()) == {CELLS[0]: 1}
    assert store.check() == []


def test_a_full_disk_is_a_letter_and_loses_nothing(small_disk: Path) -> None:
    store = Store(small_disk / "malaria.duckdb")
    commit(store, FIRST, {CELLS[0]: 1})
    other_file = small_disk / "something else"
    other_file.write_bytes(bytes(2_000_000))
    many = pl.select(cell=pl.int_range(2_000_000, dtype=pl.UInt64)).with_columns(
        value=pl.int_range(pl.len()).hash().cast(pl.Float64)
    )

    with pytest.raises(UnavailableError, match="disk is full"):
        store.commit_snapshot(record(SECOND), KNOWN, EVERYTHING, many, NOTHING)

    assert state(store.snapshot()) == {CELLS[0]: 1}
    other_file.unlink()
    assert commit(store, SECOND, {CELLS[0]: 2}).changed == 1


@pytest.mark.parametrize(("last_words", "expected"), [("", 1.0), ("commit", 2.0)])
def test_a_process_that_is_killed_leaves_all_of_a_commit_or_nothing(
    store: Store, last_words: str, expected: float
) -> None:
    commit(store, FIRST, {CELLS[0]: 1})
    program = (
        "import duckdb, os, signal, sys; store = duckdb.connect(sys.argv[1]);"
        "store.begin(); store.execute('update packed.snapshot_values set value = 2');"
        "store.execute(sys.argv[2]) if sys.argv[2] else None;"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    died = subprocess.run([sys.executable, "-c", program, store.path, last_words], check=False)
    assert died.returncode == -signal.SIGKILL

    assert state(store.snapshot()) == {CELLS[0]: expected}
