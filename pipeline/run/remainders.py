"""The totals of a run that its cells do not explain, kept in its folder."""

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.files.frames import write_frame
from pipeline.run.folder import RunFolder
from schemas.frames import checked, empty
from schemas.remainders import Remainders

REMAINDERS_FILE = "remainders.parquet"


def keep_remainders(run: RunFolder, remainders: DataFrame[Remainders]) -> None:
    """Write them as Parquet, also when there is none."""
    write_frame(run.path / REMAINDERS_FILE, checked(remainders, Remainders))


def read_remainders(run: RunFolder) -> DataFrame[Remainders]:
    """Read them back; none of a run that asked for no totals, as one that undoes another."""
    path = run.path / REMAINDERS_FILE
    return checked(pl.read_parquet(path), Remainders) if path.exists() else empty(Remainders)
