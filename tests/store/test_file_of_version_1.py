"""A store of version 1 becomes one of today once: it answers as before, and the old file stays.

`version_1/` has a store and a publication as Tally left them when the ledger was kept in words:
three loaded runs with a late correction, a retraction and an undoing; and the ledger's events.
`compared` is a store of three runs of the small world, two of them compared with paper.
"""

import gzip
import os
import shutil
import signal
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import polars.selectors as cs
import pytest
from polars.testing import assert_frame_equal

from pipeline.publish.stage import publish
from pipeline.store import file
from pipeline.store.copying import restore
from pipeline.store.database import open_database
from pipeline.store.records import SCHEMA_VERSION
from pipeline.store.steps import query_frame, version_of
from pipeline.store.transfer import Store
from pipeline.text.errors import RefusedError, UnavailableError
from tests.support.small_world import (
    CELLS,
    EVERY_KEY,
    FIRST,
    SECOND,
    TARGET,
    THIRD,
    closings,
    commit,
    openings,
    state_at,
)

FOLDER = Path(__file__).parent / "version_1"
SYSTEM = "00000000-0000-4000-8000-000000000000"
NOON = datetime(2027, 1, 1, 12, tzinfo=UTC)
RUNS = ["20261201T141409Z", "20261201T141413Z", "20261201T141416Z"]
MOMENTS = ("state_at", "compared_at")
VIEWS = (
    *("data_values", "data_value_changes", "ledger", "ledger_events", "late_corrections"),
    *("runs", "latest_run", "run_actions", "run_outcomes", "comparisons", "discrepancies"),
)
READ_IT = "import sys; from pathlib import Path; from pipeline.store.transfer import Store\n"
READ_IT += "Store(Path(sys.argv[1])).runs()"


def unpacked(name: str, path: Path) -> Path:
    with gzip.open(FOLDER / f"{name}.duckdb.gz") as packed, path.open("wb") as plain:
        shutil.copyfileobj(packed, plain)
    return path


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(unpacked("store", tmp_path / "fever.duckdb"))


def version(path: Path) -> int:
    with open_database(path, read_only=True) as database:
        return version_of(database, "packed")


def insist_on_what_was_known(store: Store) -> None:
    told = store.ledger_events()
    known = pl.read_csv(FOLDER / "ledger_events.csv", schema=told.schema)
    assert_frame_equal(told, known)
    last = known.sort("happened_at", maintain_order=True).unique("cell", keep="last")
    ours = last.filter(pl.col("event") == "loaded").select("cell", "value").sort("cell")
    assert_frame_equal(store.ledger(SYSTEM), ours)
    assert store.runs()["run_id"].sort().to_list() == RUNS
    assert store.late_corrections(SYSTEM).height == 1
    assert store.check() == []


def test_what_version_1_knew_is_known_and_the_old_file_is_kept_for_its_owner(
    store: Store,
) -> None:
    before = store.path.read_bytes()
    assert version(store.path) == 1

    insist_on_what_was_known(store)

    kept = store.path.with_name("fever.duckdb.version-1")
    assert version(store.path) == SCHEMA_VERSION
    assert kept.read_bytes() == before
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_store_that_was_brought_up_to_date_goes_on(store: Store) -> None:
    cell = store.ledger(SYSTEM)["cell"][0]
    written = store.written_by(RUNS[1], SYSTEM)
    assert sorted(written["event"]) == ["loaded", "retracted"]
    assert store.known_as(SYSTEM) == SYSTEM
    assert store.known_as("a new system") == SYSTEM

    store.write_ledger(RUNS[2], SYSTEM, openings({cell: 8}), closings({}), NOON)

    assert store.ledger(SYSTEM)["value"][0] == 8
    assert store.runs_in_the_ledger_since(NOON) == []
    assert store.check() == []


@pytest.mark.parametrize("place", ["store.kept#1", "store.migrated#1"])
def test_a_store_whose_migration_was_killed_is_what_it_was_and_is_migrated_again(
    store: Store, place: str
) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", READ_IT, str(store.path)],
        env=os.environ | {"TALLY_TESTING": "1", "TALLY_FAILPOINT": place},
        check=False,
    )

    assert killed.returncode == -signal.SIGKILL
    assert version(store.path) == 1
    insist_on_what_was_known(store)


def test_a_disk_that_fills_up_leaves_the_old_store(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill_up(*_paths: Path) -> None:
        raise OSError(28, os.strerror(28))

    with monkeypatch.context() as full:
        full.setattr(file.shutil, "copyfile", fill_up)
        with pytest.raises(UnavailableError, match="the disk is full"):
            store.runs()

    assert version(store.path) == 1
    assert [path.name for path in store.path.parent.iterdir()] == [store.path.name]
    insist_on_what_was_known(store)


def test_a_store_of_a_newer_tally_is_refused(store: Store) -> None:
    with open_database(store.path) as database:
        database.execute("update packed.store_version set version = 99")

    with pytest.raises(RefusedError, match="written by a newer Tally"):
        store.runs()


def test_a_store_is_restored_from_a_publication_of_version_1(tmp_path: Path) -> None:
    publication = unpacked("publication", tmp_path / "tally.duckdb")
    restored = Store(tmp_path / "store" / "fever.duckdb")

    restore(publication, restored.path)

    known = pl.read_csv(FOLDER / "ledger_events.csv", schema=restored.ledger_events().schema)
    published = known.filter(pl.col("run_id") < RUNS[2])
    assert_frame_equal(restored.ledger_events(), published)
    assert restored.check() == []
    assert version(restored.path) == SCHEMA_VERSION


def told_of_moments(path: Path, runs: list[str]) -> list[pl.DataFrame]:
    """What the store's own macros say of each run, and of all pairs of them."""
    moments = ["", *runs, "20990101"]
    asked = [(f"from packed.{macro}(?)", [run]) for macro in MOMENTS for run in moments]
    asked += [("from packed.changes_between(?, ?)", [a, b]) for a in moments for b in moments]
    asked += [("from packed.cell_history(?, ?, ?, ?, ?)", [*key]) for key in EVERY_KEY.rows()]
    with open_database(path, read_only=True) as database:
        return [query_frame(database, f"{query} order by all", *binds) for query, binds in asked]


@pytest.mark.parametrize(("name", "runs"), [("store", RUNS), ("compared", [FIRST, SECOND, THIRD])])
def test_every_moment_is_told_as_version_1_told_it(
    tmp_path: Path, name: str, runs: list[str]
) -> None:
    older = Store(unpacked(name, tmp_path / "fever.duckdb"))
    before = told_of_moments(older.path, runs)

    assert older.check() == []

    after = told_of_moments(older.path, runs)
    assert any(frame.height for frame in before)
    for known, told in zip(before, after, strict=True):
        assert_frame_equal(told, known)


def test_a_store_with_comparisons_goes_on_where_version_1_left_it(tmp_path: Path) -> None:
    older = Store(unpacked("compared", tmp_path / "fever.duckdb"))

    assert commit(older, THIRD, {CELLS[0]: 11, CELLS[1]: 4}).changed == 1

    assert state_at(older, SECOND) == {CELLS[0]: 10, CELLS[2]: 3}
    assert older.ledger("another-target").rows() == [(CELLS[1], 4.0)]
    assert older.ledger(TARGET).rows() == [(CELLS[0], 10.0), (CELLS[1], 4.0)]
    assert older.check() == []


def analysts_read(publication: Path) -> dict[str, pl.DataFrame]:
    """The rows of each view, without the names that only a server tells."""
    with open_database(publication, read_only=True) as database:
        rows = {view: query_frame(database, f"from {view}") for view in VIEWS}
    return {
        view: frame.select(cs.exclude(cs.ends_with("_name") | cs.starts_with("level_"))).sort(
            pl.all()
        )
        for view, frame in rows.items()
    }


def test_analysts_read_of_a_restored_store_what_version_1_published(tmp_path: Path) -> None:
    older = unpacked("publication", tmp_path / "tally.duckdb")
    restored = Store(tmp_path / "store" / "fever.duckdb")
    restore(older, restored.path)
    newest = restored.runs()["run_id"].max()

    published = publish(
        restored.path, tmp_path / "no papers", {}, tmp_path / "there", run_id=str(newest), now=NOON
    )

    known, told = analysts_read(older), analysts_read(published.file)
    assert sum(frame.height for frame in known.values()) > len(VIEWS)
    for view, frame in known.items():
        assert_frame_equal(told[view], frame)


def test_a_store_of_version_1_from_before_comparisons_becomes_one_of_today(store: Store) -> None:
    with open_database(store.path) as older:
        for name in ("comparisons", "compared_values", "compared_changes"):
            older.execute(f"drop table packed.{name}")

    insist_on_what_was_known(store)
