"""A store of two runs with a ledger, published as analysts get it."""

from datetime import timedelta
from pathlib import Path

import polars as pl

from pipeline.publish.stage import Published, publish
from pipeline.store.database import open_database
from pipeline.store.steps import query_frame
from pipeline.store.transfer import Store
from tests.support.frames import frame
from tests.support.small_world import (
    CELLS,
    EVERY_KEY,
    FIRST,
    NOON,
    SECOND,
    TARGET,
    closings,
    commit,
    openings,
)

METADATA = {
    "data_elements": frame("""
        id          | code | name
        deMalariaA1 | MAL  | Malaria, confirmed
        deMalariaB2 | -    | Malaria, 'presumed'
    """),
    "category_option_combos": frame("""
        id          | code    | name
        cocDefault1 | default | default
    """),
    "org_units": frame("""
        id          | name     | path                                 | opening_date
        country0001 | Laos     | /country0001                         | 1990-01-01
        district001 | Sing     | /country0001/district001             | 1990-01-01
        ouClinicAA1 | Clinic A | /country0001/district001/ouClinicAA1 | 2004-05-06
    """),
    "data_sets": pl.DataFrame({"id": ["dsMalaria01"], "name": ["Malaria"]}),
    "users": pl.DataFrame({"id": ["never"]}),
}


class World:
    """A store with two runs and a ledger, the papers of the second run, and a place to publish."""

    def __init__(self, root: Path) -> None:
        self.store = Store(root / "store" / "malaria.duckdb")
        self.run_folder = root / "run"
        self.metadata = METADATA
        self.published = root / "published" / "malaria"
        self.run_folder.mkdir(parents=True)
        a, b, c = CELLS[:3]
        commit(self.store, FIRST, {a: 1, b: 2})
        self.store.write_ledger(FIRST, TARGET, openings({a: 1, b: 2}), closings({}), NOON)
        commit(self.store, SECOND, {a: 10, c: 3})
        self.store.record_planned(SECOND, {"keep": 1, "retract": 1, "update": 1}, NOON)
        later = NOON + timedelta(days=1)
        retracted = closings({b: "retracted"})
        self.store.write_ledger(SECOND, TARGET, openings({a: 10, c: 3}), retracted, later)
        EVERY_KEY.head(3).with_columns(
            data_set=pl.lit("dsMalaria01"),
            tracker_value=pl.Series([10.0, None, 3.0]),
            current_value=pl.Series(["1", "2", "3"]),
            action=pl.Series(["update", "retract", "keep"]),
            stored_by=pl.lit("a person"),
        ).write_parquet(self.run_folder / "plan.parquet")

    def publish(self, run_id: str = SECOND) -> Published:
        return publish(
            self.store.path,
            self.run_folder,
            self.metadata,
            self.published,
            run_id=run_id,
            now=NOON,
        )

    @property
    def latest(self) -> Path:
        return self.published / "latest.duckdb"


def answer(file: Path, query: str, *binds: object) -> list[tuple[object, ...]]:
    with open_database(file, read_only=True) as database:
        return query_frame(database, query, *binds).rows()
