"""The frames of a load: rows on their way, their outcomes, what the ledger opens and closes."""

import pandera.polars as pa
import polars as pl
from pandera.typing.polars import Series

from schemas.frames import Frame
from schemas.values import CellKeys, PackedCells, PackedValues
from schemas.vocabulary import ACTIONS, OUTCOMES


class Outcomes(CellKeys):
    """One row per planned cell that is done with: what became of it, in words."""

    outcome: Series[str] = pa.Field(isin=OUTCOMES)
    reason: Series[str]


class Intents(CellKeys):
    """One row per cell that a chunk writes, as it is kept before a byte of it leaves."""

    data_set: Series[str]
    send: Series[str]
    delete: Series[bool]
    tracker_value: Series[float] = pa.Field(nullable=True)


class NumberedIntents(Intents):
    """The same, with the number of each cell."""

    cell: Series[pl.UInt64] = pa.Field(unique=True)


class ChunkRows(NumberedIntents):
    """One row per cell that is on its way: what the plan saw there, the comment that stands now.

    `said` is what the server last said of it when it refused it, null before.
    """

    current_value: Series[str] = pa.Field(nullable=True)
    comment: Series[str] = pa.Field(nullable=True)
    said: Series[str] = pa.Field(nullable=True)


class LoadPlan(CellKeys):
    """One row per planned cell that a load does or counts something for; as in the plan."""

    data_set: Series[str] = pa.Field(nullable=True)
    send: Series[str] = pa.Field(nullable=True)
    delete: Series[bool]
    tracker_value: Series[float] = pa.Field(nullable=True)
    current_value: Series[str] = pa.Field(nullable=True)
    comment: Series[str] = pa.Field(nullable=True)
    action: Series[str] = pa.Field(isin=ACTIONS)
    closes_ledger: Series[bool]
    cell: Series[pl.UInt64] = pa.Field(unique=True)


class WaitingCells(Frame):
    """One row per cell that waits to be written, in the order in which they go out."""

    cell: Series[pl.UInt64] = pa.Field(unique=True)
    data_set: Series[pl.Categorical]
    tracker_value: Series[float] = pa.Field(nullable=True)


class PlannedTexts(PackedCells):
    """One row per cell that was decided about and is to be written: what is sent, what stands."""

    send: Series[str] = pa.Field(nullable=True)
    delete: Series[bool]
    current_value: Series[str] = pa.Field(nullable=True)
    comment: Series[str] = pa.Field(nullable=True)


class NumberedOutcomes(Outcomes):
    """What became of each planned cell, with the number of the cell."""

    cell: Series[pl.UInt64] = pa.Field(unique=True)


class LedgerOpenings(PackedValues):
    """One row per cell that became ours, with the number that stands there, and how it did."""

    event: Series[str] = pa.Field(isin=("loaded", "adopted"))


class LedgerClosings(PackedCells):
    """One row per cell that ceased to be ours, and how."""

    event: Series[str] = pa.Field(isin=("retracted", "closed"))
