"""Analysts get a file that is whole, never changes, and has names beside its ids."""

import json
import os
import stat
import subprocess
import sys
from contextlib import suppress
from datetime import date
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipeline.publish.publication import with_ancestors
from pipeline.store.copying import restore
from pipeline.store.database import open_database
from pipeline.store.steps import query_frame
from pipeline.store.transfer import Store
from pipeline.text.errors import RefusedError, UnavailableError, UsageError
from tests.support.small_publication import METADATA, World, answer
from tests.support.small_world import (
    CELLS,
    EVERY_KEY,
    FIRST,
    NOON,
    SECOND,
    TARGET,
    THIRD,
    closings,
    commit,
    openings,
    state,
)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_values_have_names_dates_and_the_org_units_above_them(world: World) -> None:
    world.publish()

    query = (
        "select data_element_name, period_start, period_end, org_unit_name,"
        " level_1, level_2, level_3, attribute_option_combo_name, value"
        " from data_values order by value"
    )
    january = (date(2024, 1, 1), date(2024, 1, 31))
    assert answer(world.latest, query) == [
        ("Malaria, confirmed", *january, None, None, None, None, None, 3.0),
        ("Malaria, confirmed", *january, "Clinic A", "Laos", "Sing", "Clinic A", None, 10.0),
    ]


def test_changes_ledger_plan_and_runs_are_told_in_words(world: World) -> None:
    world.publish()
    file = world.latest

    changes = "select org_unit, change, old_value, new_value from data_value_changes"
    only = " where run_id = ? order by all"
    assert answer(file, changes + only, SECOND) == [
        ("ouClinicAA1", "changed", 1.0, 10.0),
        ("ouClinicBB2", "vanished", 2.0, None),
        ("ouClinicCC3", "appeared", None, 3.0),
    ]
    ledger = "select org_unit, value, loaded_by_run from ledger order by all"
    assert answer(file, ledger) == [("ouClinicAA1", 10.0, SECOND), ("ouClinicCC3", 3.0, SECOND)]
    plan = "select data_set_name, org_unit, tracker_value, current_value, action from plan"
    assert answer(file, f"{plan} order by all") == [
        ("Malaria", "ouClinicAA1", 10.0, "1", "update"),
        ("Malaria", "ouClinicBB2", None, "2", "retract"),
    ]
    assert answer(file, "select run_id, stage from runs order by all") == [
        (FIRST, "transformed"),
        (SECOND, "planned"),
    ]
    assert answer(file, "select count(*) from rejects") == [(0,)]


def test_what_the_plan_keeps_is_counted_and_not_listed(world: World) -> None:
    world.publish()
    file = world.latest

    counted = "select action, cells from run_actions where run_id = ? order by all"
    assert answer(file, counted, SECOND) == [("keep", 1), ("retract", 1), ("update", 1)]
    listed = "select action, count(*) from plan group by all order by all"
    assert answer(file, listed) == [("retract", 1), ("update", 1)]


def test_any_moment_can_be_asked_for_with_names(world: World) -> None:
    world.publish()
    file = world.latest

    then = "select org_unit, value from state_at(?) order by all"
    assert answer(file, then, FIRST) == [("ouClinicAA1", 1.0), ("ouClinicBB2", 2.0)]
    between = "select org_unit, old_value, new_value from changes(?, ?)"
    assert answer(file, f"{between} order by all", "", SECOND) == [
        ("ouClinicAA1", None, 10.0),
        ("ouClinicCC3", None, 3.0),
    ]
    history = "select run_id, new_value from cell_history(?, ?, ?, ?, ?)"
    assert answer(file, history, *EVERY_KEY.row(1)) == [(FIRST, 2.0), (SECOND, None)]


def test_every_table_view_macro_and_column_says_what_it_is(world: World) -> None:
    world.publish()

    silent = """
        select table_name || '.' || column_name
        from duckdb_columns() where not internal and coalesce(comment, '') = ''
        union all
        select view_name from duckdb_views() where not internal and coalesce(comment, '') = ''
        union all
        select table_name from duckdb_tables() where coalesce(comment, '') = ''
        union all
        select function_name from duckdb_functions()
        where not internal and coalesce(comment, '') = ''
    """
    assert answer(world.latest, silent) == []


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


def test_parquet_lies_in_folders_that_name_the_run(world: World) -> None:
    world.publish()
    commit(world.store, THIRD, {CELLS[0]: 11})
    world.publish(THIRD)

    folder = world.published / "parquet"
    values = pl.read_parquet(folder / "data_values", try_parse_hive_dates=False)
    changes = pl.read_parquet(folder / "data_value_changes", try_parse_hive_dates=False)

    assert values.select("run_id", "org_unit", "value").sort(pl.all()).rows() == [
        (SECOND, "ouClinicAA1", 10.0),
        (SECOND, "ouClinicCC3", 3.0),
        (THIRD, "ouClinicAA1", 11.0),
    ]
    assert changes.group_by("run_id").len().sort("run_id").rows() == [(SECOND, 3), (THIRD, 2)]


def test_the_rows_of_parquet_are_in_the_order_of_the_store(world: World) -> None:
    commit(world.store, THIRD, {cell: number for number, cell in enumerate(CELLS)})
    world.publish(THIRD)

    folder = world.published / "parquet"
    values = pl.read_parquet(folder / "data_values" / f"run_id={THIRD}" / "*.parquet")
    plan = pl.read_parquet(folder / "plan" / f"run_id={THIRD}" / "*.parquet")

    assert_frame_equal(values.select(EVERY_KEY.columns), EVERY_KEY)
    assert_frame_equal(plan.select(EVERY_KEY.columns), EVERY_KEY.head(2))


def test_the_same_store_gives_the_same_parquet(world: World) -> None:
    def fingerprints() -> dict[str, str]:
        world.publish()
        pieces = world.published.rglob("*.parquet")
        return {piece.name: sha256(piece.read_bytes()).hexdigest() for piece in pieces}

    assert fingerprints() == fingerprints()


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
    (small_disk / "something else").write_bytes(bytes(2_000_000))
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


def test_old_publications_are_forgotten(world: World) -> None:
    world.publish()
    commit(world.store, THIRD, {})
    world.publish(THIRD, keep=1)

    assert [path.name for path in world.published.glob("tally-*")] == [f"tally-{THIRD}.duckdb"]
    partitions = {path.parent.name for path in world.published.rglob("*.parquet")}
    assert partitions == {f"run_id={THIRD}"}


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
        assert state(restored.state_at(run_id)) == state(world.store.state_at(run_id))
    assert restored.check() == []
    assert stat.S_IMODE(restored.path.stat().st_mode) == 0o600
    assert commit(restored, THIRD, {CELLS[0]: 10}).same == 1


def test_a_store_from_before_comparisons_is_published_without_any(world: World) -> None:
    with open_database(world.store.path) as older:
        for name in ("comparisons", "compared_values", "compared_changes"):
            older.execute(f"drop table packed.{name}")

    published = world.publish()

    assert published.rows["packed.comparisons"] == 0
    assert published.rows["packed.snapshot_values"] > 0


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


def test_a_publication_is_written_for_old_clients(world: World) -> None:
    query = "select tags from duckdb_databases() where database_name like 'tally%'"

    assert answer(world.publish().file, query) == [({"storage_version": "v1.2.0+"},)]


def test_levels_are_named_as_deep_as_the_country_is() -> None:
    levels = with_ancestors(METADATA["org_units"]).select("id", "level_1", "level_2", "level_3")

    assert levels.rows() == [
        ("country0001", "Laos", None, None),
        ("district001", "Laos", "Sing", None),
        ("ouClinicAA1", "Laos", "Sing", "Clinic A"),
    ]
