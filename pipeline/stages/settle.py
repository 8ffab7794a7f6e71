"""Settle what an interrupted load left open: the target itself tells what arrived."""

import hashlib
from datetime import datetime

import polars as pl

from pipeline.dhis2.client import Client
from pipeline.dhis2.data_value_sets import CURRENT, read_current
from pipeline.dhis2.system import SystemInfo, read_account
from pipeline.runs import RunFolder
from pipeline.stages import journal
from pipeline.stages.work import Work
from pipeline.transform.cells import KEY, extend, packed
from pipeline.transform.outcomes import read_back


def settle(work: Work, target: Client, info: SystemInfo, now: datetime) -> int:
    """Read back every group that was sent and never confirmed; give how many cells were settled.

    The cell holds what we meant: the ledger says so. Otherwise it is as it was, and the next
    plan sees it as it stands.
    """
    settled = 0
    runs = work.run.path.parent
    for folder in sorted(path for path in runs.iterdir() if (path / "chunks").exists()):
        run = RunFolder(folder)
        for number, rows in journal.interrupted(run).items():
            back = read_back(rows, _read_cells(work, target, rows))
            write_ledger(work, info, run.run_id, back.filter("arrived"), now)
            arrived = back.filter("arrived").height
            counts = {"loaded": arrived, "refused": back.height - arrived}
            journal.confirmed(run, number, counts, now)
            settled += rows.height
    return settled


def _read_cells(work: Work, target: Client, rows: pl.DataFrame) -> pl.DataFrame:
    roots = sorted(read_account(target).capture_roots)
    periods = rows["period"].unique().sort().to_list()
    parts = [
        read_current(target, data_set, periods, roots)
        for data_set in work.settings.target.data_sets
    ]
    return pl.concat([pl.DataFrame(schema=CURRENT), *parts]).unique(KEY, maintain_order=True)


def write_ledger(
    work: Work, info: SystemInfo, run_id: str, arrived: pl.DataFrame, now: datetime
) -> None:
    """Tell the ledger what was read back: written cells are ours, removed ones no longer.

    `arrived` has the key, send, delete.
    """
    dictionaries = extend(work.store.dictionaries(), arrived)
    cells = packed(arrived.select(*KEY, "send", "delete"), dictionaries)
    opened = cells.filter(~pl.col("delete")).select("cell", value=pl.col("send").cast(pl.Float64))
    closed = cells.filter("delete").select("cell", event=pl.lit("retracted"))
    work.store.write_ledger(run_id, info.system_id, opened, closed, now)


def ledger_fingerprint(work: Work, info: SystemInfo) -> str:
    """Hash what the ledger says now: a plan holds only as long as it says the same."""
    ledger = work.store.ledger(info.system_id).select("cell", "value").sort("cell")
    return hashlib.sha256(ledger.write_csv().encode()).hexdigest()
