"""The frames of a chunk that are kept beside the journal: what was meant, what became of it."""

from datetime import datetime

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.files.frames import write_frame
from pipeline.ledger import journal
from pipeline.run.folder import RunFolder
from schemas.frames import checked, columns, empty, trusted
from schemas.load import Intents, Outcomes


def keep_intents(
    run: RunFolder, number: int, data_set: str, rows: DataFrame[Intents], at: datetime
) -> None:
    """Keep what is about to be written, before a byte of it leaves."""
    write_frame(run.chunks / f"{number:04d}.parquet", rows)
    journal.planned(run, number, data_set, rows.height, at)


def intents_of(run: RunFolder, number: int) -> DataFrame[Intents]:
    """What a chunk was about to write."""
    return checked(pl.read_parquet(run.chunks / f"{number:04d}.parquet"), Intents)


def keep_outcomes(run: RunFolder, number: int, outcomes: DataFrame[Outcomes], at: datetime) -> None:
    """Keep what became of a chunk's rows, once the ledger has what arrived of them."""
    write_frame(run.chunks / f"{number:04d}.outcomes.parquet", outcomes)
    journal.confirmed(run, number, dict(outcomes["outcome"].value_counts().rows()), at)


def outcomes_of(run: RunFolder) -> DataFrame[Outcomes]:
    """The outcomes of all chunks that were confirmed, in the order of the chunks."""
    paths = [
        run.chunks / f"{number:04d}.outcomes.parquet" for number in journal.confirmed_chunks(run)
    ]
    kept = [pl.read_parquet(path, columns=list(columns(Outcomes))) for path in paths]
    return trusted(pl.concat([empty(Outcomes), *kept]), Outcomes)
