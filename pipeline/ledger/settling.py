"""Settle what an interrupted load left open: the target itself tells what arrived."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

import polars as pl

from pipeline.cells.dictionaries import extend
from pipeline.cells.key import KEY
from pipeline.cells.packing import same_cell, with_cell
from pipeline.dhis2.data_value_sets import CURRENT, read_current
from pipeline.dhis2.http.client import Client
from pipeline.dhis2.system import read_account
from pipeline.ledger import journal
from pipeline.load.rules.judging import loaded, read_back
from pipeline.load.rules.payloads import Chunk
from pipeline.probes.failpoints import reach
from pipeline.run.folder import RunFolder
from pipeline.run.work import Work
from schemas.frames import LedgerClosings, LedgerOpenings, trusted
from schemas.server import SystemInfo


def settle(work: Work, target: Client, info: SystemInfo, now: datetime) -> int:
    """Read back every chunk that was begun and never confirmed; give how many cells arrived.

    The cell holds what we meant and our account stored it: the ledger says so. Otherwise it is
    as it was, and whoever plans or loads next sees it as it stands. Loads into another system
    stay open until that system is the target again, or is known to have become this one.
    """
    settled, known_as = 0, work.store.known_as(info.system_id)
    for run, begun in _begun_into(work, info.system_id):
        for chunk in journal.interrupted(run):
            arrived = chunk.rows.clear()
            if chunk.was_sent:
                current = _read_cells(target, chunk.rows)
                arrived = read_back(chunk.rows, current, by=begun.account).filter("arrived")
            confirm(work, known_as, run, [(chunk, loaded(arrived))], now)
            settled += arrived.height
    return settled


def _begun_into(work: Work, system_id: str) -> list[tuple[RunFolder, journal.Begun]]:
    """Give the runs whose load was begun into this system, under this or an earlier system id."""
    folders = sorted(path for path in work.run.path.parent.iterdir() if (path / "chunks").exists())
    found = [(run, journal.begun(run)) for run in map(RunFolder, folders)]
    begun = [(run, told) for run, told in found if told is not None]
    same = {
        system_id,
        *(told.moved_from for _, told in begun if told.target_system_id == system_id),
    }
    return [(run, told) for run, told in begun if told.target_system_id in same]


def confirm(
    work: Work,
    system_id: str,
    run: RunFolder,
    chunks: Sequence[tuple[Chunk | journal.Open, pl.DataFrame]],
    now: datetime,
) -> None:
    """Let the ledger tell what arrived of some chunks, then keep that they are done.

    With each chunk comes what is told of its rows.
    """
    arrived = [_arrived(chunk, told) for chunk, told in chunks]
    if arrived:
        write_ledger(work, system_id, run.run_id, pl.concat(arrived), now)
        reach("load.in_the_ledger")
    for chunk, told in chunks:
        journal.confirmed(run, chunk.number, told, now)
        reach("load.confirmed")


def _arrived(chunk: Chunk | journal.Open, told: pl.DataFrame) -> pl.DataFrame:
    """Give the rows of a chunk that were read back: their cells, send, delete."""
    there = told.filter(pl.col("outcome") == "loaded")
    on = same_cell(chunk.rows, there)
    return chunk.rows.select(*on, "send", "delete").join(
        there, on=on, how="semi", maintain_order="left"
    )


def _read_cells(target: Client, rows: pl.DataFrame) -> pl.DataFrame:
    roots = read_account(target).reading_roots
    parts = [
        read_current(target, str(data_set), part["period"].unique().sort().to_list(), roots)
        for (data_set,), part in rows.group_by(["data_set"], maintain_order=True)
    ]
    return pl.concat([pl.DataFrame(schema=CURRENT), *parts]).unique(KEY, maintain_order=True)


def write_ledger(
    work: Work, system_id: str, run_id: str, arrived: pl.DataFrame, now: datetime
) -> None:
    """Tell the ledger what was read back: written cells are ours, removed ones no longer.

    `arrived` has the key, send, delete, and may have the number of the cell already.
    """
    if arrived.is_empty():
        return
    cells = arrived
    if "cell" not in arrived.columns:
        cells = with_cell(arrived, extend(work.store.dictionaries(), arrived.select(KEY)))
    value = pl.col("send").cast(pl.Float64)
    opened = cells.filter(~pl.col("delete")).select("cell", value=value, event=pl.lit("loaded"))
    closed = cells.filter("delete").select("cell", event=pl.lit("retracted"))
    work.store.write_ledger(
        run_id,
        system_id,
        trusted(opened, LedgerOpenings),
        trusted(closed, LedgerClosings),
        now,
    )


def ledger_fingerprint(work: Work, system_id: str) -> str:
    """Hash what the ledger says now: a plan holds only as long as it says the same."""
    ledger = work.store.ledger(system_id).select("cell", "value")
    return hashlib.sha256(ledger.write_csv().encode()).hexdigest()
