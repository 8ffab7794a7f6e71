"""The Parquet beside a publication lies in folders that name its run, in the order of the store."""

from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tests.support.small_publication import World
from tests.support.small_world import CELLS, EVERY_KEY, SECOND, THIRD, commit


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


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
        files = world.published.rglob("*.parquet")
        return {file.name: sha256(file.read_bytes()).hexdigest() for file in files}

    assert fingerprints() == fingerprints()
