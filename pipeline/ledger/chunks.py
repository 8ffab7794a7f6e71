"""The frames of a chunk that are kept beside the journal: what was meant, what became of it.

Nearly all that is meant arrives, so only what did not has rows of its own afterwards.
"""

from datetime import datetime
from pathlib import Path

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.key import KEY
from pipeline.files.frames import write_frame
from pipeline.ledger import journal
from pipeline.load.rules.judging import loaded
from pipeline.run.folder import RunFolder
from schemas.frames import checked, columns, empty, trusted
from schemas.load import Intents, NumberedIntents, NumberedOutcomes


def keep_intents(
    run: RunFolder, number: int, data_set: str, rows: DataFrame[NumberedIntents], at: datetime
) -> None:
    """Keep what is about to be written, before a byte of it leaves."""
    write_frame(_intents(run, number), rows)
    journal.planned(run, number, data_set, rows.height, at)


def intents_of(run: RunFolder, number: int) -> DataFrame[Intents]:
    """What a chunk was about to write."""
    return checked(pl.read_parquet(_intents(run, number)).drop("cell"), Intents)


def keep_outcomes(
    run: RunFolder,
    number: int,
    meant: DataFrame[NumberedIntents],
    outcomes: DataFrame[NumberedOutcomes],
    at: datetime,
) -> None:
    """Keep what became of a chunk's rows, once the ledger has what arrived of them.

    What was loaded is what was meant but for the rows that are told one by one; of these, one
    without an outcome is as it was before, and waits.
    """
    others = outcomes.filter(pl.col("outcome") != "loaded")
    waiting = meant.filter(~pl.col("cell").is_in(outcomes["cell"].implode())).select(*KEY, "cell")
    write_frame(_others(run, number), pl.concat([others, waiting], how="diagonal"))
    journal.confirmed(run, number, dict(outcomes["outcome"].value_counts().rows()), at)


def exceptions_of(run: RunFolder) -> DataFrame[NumberedOutcomes]:
    """The outcomes of confirmed chunks but for what was loaded, in the order of the chunks."""
    kept = [
        pl.read_parquet(_others(run, number))
        .drop_nulls("outcome")
        .select(columns(NumberedOutcomes))
        for number in journal.confirmed_chunks(run)
    ]
    return trusted(pl.concat([empty(NumberedOutcomes), *kept]), NumberedOutcomes)


def cells_loaded(run: RunFolder) -> pl.Series:
    """The cells of confirmed chunks that were written and read back, by their numbers."""
    numbers = journal.confirmed_chunks(run)
    loaded_cells = (_loaded_of(run, number, ["cell"])["cell"] for number in numbers)
    return pl.concat([empty(NumberedIntents)["cell"], *loaded_cells])


def cells_done(run: RunFolder) -> pl.Series:
    """The cells of confirmed chunks, whatever became of them, by their numbers."""
    return pl.concat([cells_loaded(run), exceptions_of(run)["cell"]])


def outcomes_of(run: RunFolder) -> DataFrame[NumberedOutcomes]:
    """What became of every cell of the chunks that were confirmed."""
    key = [*KEY, "cell"]
    arrived = [_loaded_of(run, number, key) for number in journal.confirmed_chunks(run)]
    nothing = empty(NumberedIntents).select(key)
    return trusted(
        pl.concat([loaded(pl.concat([nothing, *arrived])), exceptions_of(run)]), NumberedOutcomes
    )


def _loaded_of(run: RunFolder, number: int, names: list[str]) -> pl.DataFrame:
    """What a chunk meant and what arrived of it."""
    meant = pl.read_parquet(_intents(run, number), columns=names).select(names)
    others = pl.read_parquet(_others(run, number), columns=["cell"])["cell"]
    return meant if others.is_empty() else meant.filter(~pl.col("cell").is_in(others.implode()))


def _intents(run: RunFolder, number: int) -> Path:
    return run.chunks / f"{number:04d}.parquet"


def _others(run: RunFolder, number: int) -> Path:
    return run.chunks / f"{number:04d}.outcomes.parquet"
