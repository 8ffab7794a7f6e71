"""The values of a run, as a file that people open; its cells have numbers in the same process."""

from dataclasses import dataclass

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.dictionaries import Dictionaries
from pipeline.cells.key import KEY
from pipeline.cells.packing import pack, unpack_closed
from pipeline.files.frames import write_frame
from pipeline.run.folder import RunFolder
from schemas.frames import checked, trusted
from schemas.values import PackedValues, Values

VALUES_FILE = "values.parquet"


@dataclass
class HandedOver:
    """What one stage leaves in memory for the next, when both run in one process."""

    values: DataFrame[PackedValues] | None = None


def write_values(
    run: RunFolder, values: DataFrame[PackedValues], dictionaries: Dictionaries
) -> None:
    """Leave values.parquet: one row per cell, with the ids of its key."""
    write_frame(run.path / VALUES_FILE, unpack_closed(values, dictionaries))


def read_run_values(run: RunFolder) -> DataFrame[Values]:
    """The values of a run, with the ids of their keys."""
    kept = pl.read_parquet(run.require(VALUES_FILE, "transform"))
    return checked(kept.with_columns(pl.col(KEY).cast(pl.String)), Values)


def packed_values(
    run: RunFolder, dictionaries: Dictionaries, handed_over: HandedOver
) -> DataFrame[PackedValues]:
    """The values of a run by the numbers of their cells, sorted."""
    if handed_over.values is not None:
        return handed_over.values
    return trusted(pack(read_run_values(run), dictionaries).sort("cell"), PackedValues)
