"""Cells that wait to be written, by their numbers; a chunk of them gets its texts when it goes."""

from typing import NamedTuple

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.bits import form_cell_number, org_unit_number, period_number
from pipeline.cells.dictionaries import Dictionaries
from pipeline.cells.numbers import canonical_text
from pipeline.cells.packing import unpack
from pipeline.load.rules.payloads import Chunk
from pipeline.plan.rules.policy import WRITING
from schemas.frames import columns, trusted
from schemas.load import ChunkRows, LoadPlan, PlannedTexts, WaitingCells
from schemas.plan import NewValues

_CELL = pl.col("cell")
_NO_TEXT = pl.lit(None, pl.String)


class Waiting(NamedTuple):
    """The cells that no chunk had yet, in the order in which they go out.

    They go by data set, period and org unit. `texts`: what is sent of those that a person may
    have decided about; the others are new, and their number says it all.
    """

    cells: DataFrame[WaitingCells]
    texts: DataFrame[PlannedTexts]

    @property
    def height(self) -> int:
        """How many cells wait."""
        return self.cells.height

    @property
    def data_sets(self) -> list[str]:
        """The data sets that are written into, sorted."""
        return sorted(self.cells["data_set"].cast(pl.String).unique())

    def without(self, done: pl.Series) -> "Waiting":
        """The same but for cells that are done with."""
        left = self.cells.filter(~_CELL.is_in(done.implode()))
        return Waiting(trusted(left, WaitingCells), self.texts)

    def after(self, chunk: Chunk) -> "Waiting":
        """What waits when a chunk was taken from the front."""
        return Waiting(trusted(self.cells.slice(chunk.rows.height), WaitingCells), self.texts)


def cells_to_write(plan: DataFrame[LoadPlan], new: DataFrame[NewValues]) -> Waiting:
    """The cells that a plan writes, in the order in which they go out."""
    decided = plan.filter(pl.col("action").is_in(WRITING))
    cells = pl.concat(
        [
            decided.select(
                "cell", pl.col("data_set").cast(pl.Categorical), tracker_value="tracker_value"
            ),
            new.select("cell", "data_set", tracker_value="value"),
        ]
    )
    place = (period_number(_CELL) * pl.lit(2**28, pl.UInt64) + org_unit_number(_CELL)) * pl.lit(
        2**20, pl.UInt64
    ) + form_cell_number(_CELL)
    by_data_set = cells.partition_by("data_set", as_dict=True)
    in_order = [by_data_set[key].sort(place) for key in sorted(by_data_set, key=str)]
    return Waiting(
        trusted(pl.concat([cells.clear(), *in_order], rechunk=True), WaitingCells),
        trusted(decided.select(columns(PlannedTexts)), PlannedTexts),
    )


def next_chunk(waiting: Waiting, number: int, most_rows: int, known: Dictionaries) -> Chunk:
    """The first chunk of what waits: one data set, and whole periods.

    Small periods share a chunk. One with more than `most_rows` is cut between two org units, as
    long as none has more than that.
    """
    first = waiting.cells["data_set"][0]
    cells = waiting.cells.head(most_rows + 1).filter(pl.col("data_set") == first)
    is_whole = cells.height <= most_rows
    if not is_whole:
        cells, is_whole = _cut(cells)
    return Chunk(number, str(first), chunk_rows(cells, waiting.texts, known), is_whole)


def _cut(cells: pl.DataFrame) -> tuple[pl.DataFrame, bool]:
    """As much of the rows (one more than a chunk may have) as is whole, and if periods are."""
    last = cells.row(-1, named=True)["cell"]
    at = pl.select(period=period_number(pl.lit(last)), org_unit=org_unit_number(pl.lit(last)))
    other_period = period_number(_CELL) != at["period"][0]
    if not (periods := cells.filter(other_period)).is_empty():
        return periods, True
    sites = cells.filter(other_period | (org_unit_number(_CELL) != at["org_unit"][0]))
    return (cells.head(cells.height - 1) if sites.is_empty() else sites), False


def chunk_rows(
    cells: pl.DataFrame, texts: DataFrame[PlannedTexts], known: Dictionaries
) -> DataFrame[ChunkRows]:
    """The rows of a chunk with all that is sent; their order stays."""
    named = unpack(cells.with_columns(number=_CELL), known).rename({"number": "cell"})
    if not texts.is_empty():
        named = named.join(
            texts, on="cell", how="left", validate="1:1", maintain_order="left"
        ).with_columns(
            send=pl.coalesce("send", _sent_when_new(pl.col("send").is_null())),
            delete=pl.col("delete").fill_null(value=False),
        )
    else:
        named = named.with_columns(
            send=canonical_text(pl.col("tracker_value")),
            delete=pl.lit(value=False),
            current_value=_NO_TEXT,
            comment=_NO_TEXT,
        )
    rows = named.with_columns(pl.col("data_set").cast(pl.String), said=_NO_TEXT)
    return trusted(rows.select(columns(ChunkRows)), ChunkRows)


def _sent_when_new(is_new: pl.Expr) -> pl.Expr:
    return canonical_text(pl.when(is_new).then(pl.col("tracker_value")))
