"""Settle what an interrupted load left open: the target itself tells what arrived."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.dictionaries import Dictionaries, extend
from pipeline.cells.key import KEY
from pipeline.cells.packing import hash_of_cells, with_cell
from pipeline.dhis2.data_values.reading import read_current_cells
from pipeline.dhis2.http.client import Client
from pipeline.dhis2.system import read_account
from pipeline.ledger import journal
from pipeline.ledger.chunks import intents_of, keep_outcomes
from pipeline.load.rules.judging import arrived, loaded
from pipeline.probes.failpoints import reach
from pipeline.run.folder import RunFolder
from pipeline.run.work import Work
from schemas.frames import empty, trusted
from schemas.load import LedgerClosings, LedgerOpenings, NumberedIntents, NumberedOutcomes
from schemas.server import SystemInfo
from schemas.values import PackedCurrentValues


class ReadBackChunk(NamedTuple):
    """A chunk that was read back: what it meant to write, and what became of its cells."""

    number: int
    intents: DataFrame[NumberedIntents]
    outcomes: DataFrame[NumberedOutcomes]


def settle(work: Work, target: Client, info: SystemInfo, now: datetime) -> int:
    """Read back every chunk that was begun and never confirmed; give how many cells arrived.

    The cell holds what we meant and our account stored it: the ledger says so. Otherwise it is
    as it was, and whoever plans or loads next sees it as it stands. Loads into another system
    stay open until that system is the target again, or is known to have become this one.
    """
    settled, known_as = 0, work.store.known_as(info.system_id)
    for run, begun in _begun_into(work, info.system_id):
        for chunk in journal.open_chunks(run):
            read = _read_back(work, target, run, chunk, begun.account)
            confirm(work, known_as, run, [read], now)
            settled += read.outcomes.height
    return settled


def _begun_into(work: Work, system_id: str) -> list[tuple[RunFolder, journal.Begun]]:
    """The runs whose load was begun into this system, under this or an earlier system id."""
    folders = sorted(path for path in work.run.path.parent.iterdir() if (path / "chunks").exists())
    found = [(run, journal.begun(run)) for run in map(RunFolder, folders)]
    loads = [(run, begun) for run, begun in found if begun is not None]
    same = {
        system_id,
        "",  # a server that told no id when the load began
        *(begun.moved_from for _, begun in loads if begun.target_system_id == system_id),
    }
    return [(run, begun) for run, begun in loads if begun.target_system_id in same]


def _read_back(
    work: Work, target: Client, run: RunFolder, chunk: journal.OpenChunk, account: str
) -> ReadBackChunk:
    """An open chunk with the outcomes of those of its cells that arrived after all."""
    kept = intents_of(run, chunk.number)
    dictionaries = extend(work.store.dictionaries(), kept.select(KEY))
    intents = trusted(with_cell(kept, dictionaries), NumberedIntents)
    there = intents.clear()
    if chunk.was_sent:
        current = _read_cells(target, intents, dictionaries)
        there = intents.filter(arrived(intents, current, by=account))
    return ReadBackChunk(chunk.number, intents, loaded(there))


def _read_cells(
    target: Client, intents: DataFrame[NumberedIntents], dictionaries: Dictionaries
) -> DataFrame[PackedCurrentValues]:
    roots = read_account(target).reading_roots
    parts = [
        read_current_cells(
            target,
            str(data_set),
            part["period"].unique().sort().to_list(),
            roots,
            dictionaries,
            wanted=part["cell"],
        )
        for (data_set,), part in intents.group_by(["data_set"], maintain_order=True)
    ]
    cells = pl.concat([empty(PackedCurrentValues), *parts])
    return trusted(cells.unique("cell", maintain_order=True), PackedCurrentValues)


def confirm(
    work: Work, system_id: str, run: RunFolder, chunks: Sequence[ReadBackChunk], now: datetime
) -> None:
    """Let the ledger say what arrived of some chunks, then keep that they are done."""
    if chunks:
        _write_ledger(work, system_id, run.run_id, pl.concat(map(_arrived, chunks)), now)
        reach("load.in_the_ledger")
    for chunk in chunks:
        keep_outcomes(run, chunk.number, chunk.intents, chunk.outcomes, now)
        reach("load.confirmed")


def _arrived(chunk: ReadBackChunk) -> pl.DataFrame:
    """The cells of a chunk that hold what was meant: cell, send, delete."""
    there = chunk.outcomes.filter(pl.col("outcome") == "loaded")
    meant = chunk.intents.select("cell", "send", "delete")
    return meant.join(there, on="cell", how="semi", maintain_order="left")


def _write_ledger(
    work: Work, system_id: str, run_id: str, cells: pl.DataFrame, now: datetime
) -> None:
    """Write what arrived into the ledger: written cells are ours, removed ones no longer."""
    if cells.is_empty():
        return
    opened = cells.filter(~pl.col("delete")).select(
        "cell", value=pl.col("send").cast(pl.Float64), event=pl.lit("loaded")
    )
    closed = cells.filter("delete").select("cell", event=pl.lit("retracted"))
    work.store.write_ledger(
        run_id, system_id, trusted(opened, LedgerOpenings), trusted(closed, LedgerClosings), now
    )


def ledger_fingerprint(work: Work, system_id: str) -> str:
    """The hash of what the ledger says now: a plan holds only as long as it says the same."""
    return hash_of_cells(work.store.ledger(system_id))
