"""A world of eighteen cells, and a store that remembers runs over it."""

import itertools
from datetime import UTC, datetime

import polars as pl

from pipeline.cells.key import KEY
from pipeline.cells.packing import empty_dictionaries, extend, packed
from pipeline.store.records import Image, RunRecord, SnapshotChange
from pipeline.store.transfer import Store

FIRST, SECOND, THIRD = "20261101T020000Z", "20261102T020000Z", "20261103T020000Z"
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
TARGET = "b2c4e6a8-0000-4000-8000-000000000001"

PERIODS = ("202401", "202402", "202403")
ELEMENTS = ("deMalariaA1", "deMalariaB2")
SITES = ("ouClinicAA1", "ouClinicBB2", "ouClinicCC3")
EVERY_KEY = pl.DataFrame(
    [
        (element, period, site, "cocDefault1", "aocDefault1")
        for period, element, site in itertools.product(PERIODS, ELEMENTS, SITES)
    ],
    schema=list(KEY),
    orient="row",
)
KNOWN = extend(empty_dictionaries(), EVERY_KEY)
CELLS: list[int] = packed(EVERY_KEY, KNOWN)["cell"].to_list()
EVERYTHING = Image(*(frame.select("id") for frame in KNOWN))
NOTHING = pl.DataFrame(schema={"cell": pl.UInt64})


def record(run_id: str) -> RunRecord:
    return RunRecord(
        run_id=run_id,
        transfer="malaria",
        started_at=NOON,
        mapping_hash="m1",
        config_hash="c1",
        source_system_id="source",
        target_system_id=TARGET,
        rows=10,
        accepted=9,
        rejects=1,
        values=9,
        first_period="202401",
        last_period="202403",
        tally_version="0.1.0",
    )


def numbers(values: dict[int, float]) -> pl.DataFrame:
    return pl.DataFrame(
        {"cell": list(values), "value": list(values.values())},
        schema={"cell": pl.UInt64, "value": pl.Float64},
    )


def openings(values: dict[int, float]) -> pl.DataFrame:
    return numbers(values).with_columns(event=pl.lit("loaded"))


def cells(*chosen: int) -> pl.DataFrame:
    return pl.DataFrame({"cell": list(chosen)}, schema={"cell": pl.UInt64})


def closings(events: dict[int, str]) -> pl.DataFrame:
    return pl.DataFrame(
        {"cell": list(events), "event": list(events.values())},
        schema={"cell": pl.UInt64, "event": pl.String},
    )


def commit(
    store: Store,
    run_id: str,
    values: dict[int, float],
    image: Image = EVERYTHING,
    unknown: pl.DataFrame = NOTHING,
) -> SnapshotChange:
    return store.commit_snapshot(record(run_id), KNOWN, image, numbers(values), unknown)


def state(frame: pl.DataFrame) -> dict[int, float]:
    return dict(frame.select("cell", "value").iter_rows())
