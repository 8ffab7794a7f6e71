"""The frames that go from stage to stage: values, rejects, the plan, outcomes, the ledger.

Each is checked once, where it crosses a threshold (read from a file, a server or the store, or
handed to the next stage); inside a room its type is trusted.
"""

from typing import TypeVar, cast

import pandera.polars as pa
import polars as pl
from pandera.typing.polars import DataFrame, Series

from schemas.checking import failures
from schemas.vocabulary import ACTIONS, OUTCOMES

Model = TypeVar("Model", bound=pa.DataFrameModel)


class Frame(pa.DataFrameModel):
    """What is common to all: the columns are these, in this order, and no others."""

    class Config:
        """Every column is declared; another one, or another order, is a mistake of the house."""

        strict = True
        ordered = True


class CellKeys(Frame):
    """One row per cell: the ids of its key."""

    data_element: Series[str]
    period: Series[str]
    org_unit: Series[str]
    category_option_combo: Series[str]
    attribute_option_combo: Series[str]


class Values(CellKeys):
    """One row per cell that tracker fills; the number is finite."""

    value: Series[float]


class Rejects(Frame):
    """One row per analytics row that became no value; `rule_id` and `reason` say why."""

    rule_id: Series[str]
    reason: Series[str]
    program_indicator: Series[str]
    category_options: Series[str]
    period: Series[str]
    org_unit: Series[str]
    value: Series[str]


class PackedValues(Frame):
    """One row per cell, by its number (cells/packing.py), sorted by it."""

    cell: Series[pl.UInt64] = pa.Field(unique=True)
    value: Series[float]


class PackedCells(Frame):
    """One row per cell, by its number."""

    cell: Series[pl.UInt64] = pa.Field(unique=True)


class LedgerEntries(Frame):
    """One row per cell of ours: the number that we wrote and read back, and the run that did."""

    cell: Series[pl.UInt64] = pa.Field(unique=True)
    value: Series[float]
    run_id: Series[str]


class CurrentValues(CellKeys):
    """One row per cell that the target holds, as the server wrote it; all text."""

    value: Series[str] = pa.Field(nullable=True)
    stored_by: Series[str] = pa.Field(nullable=True)
    last_updated: Series[str] = pa.Field(nullable=True)
    comment: Series[str] = pa.Field(nullable=True)


class PlanCells(CellKeys):
    """One row per cell that a plan decides about: what each side holds and what people ruled.

    Tracker's, the target's and the ledger's number are null where that side has none; `unknown`:
    tracker's is not to be believed; `unread`: the target's cell cannot be read. `in_image`: the
    run asked for it. `hold_reason` and `site_hold` say why it may not be written (null: it may).
    """

    data_set: Series[str] = pa.Field(nullable=True)
    tracker_value: Series[float] = pa.Field(nullable=True)
    current_value: Series[str] = pa.Field(nullable=True)
    ledger_value: Series[float] = pa.Field(nullable=True)
    unknown: Series[bool]
    unread: Series[bool]
    in_image: Series[bool]
    zero_is_significant: Series[bool]
    hold_reason: Series[str] = pa.Field(nullable=True)
    site_hold: Series[str] = pa.Field(nullable=True)
    decision: Series[str] = pa.Field(nullable=True)
    decided_in: Series[str] = pa.Field(nullable=True)
    decided_by: Series[str] = pa.Field(nullable=True)
    decided_why: Series[str] = pa.Field(nullable=True)
    comment: Series[str] = pa.Field(nullable=True)
    stored_by: Series[str] = pa.Field(nullable=True)
    last_updated: Series[str] = pa.Field(nullable=True)


class Plan(CellKeys):
    """One row per cell: what a load would do with it, and why.

    `send` is the text to write (null: nothing), `delete` whether the cell is emptied,
    `wanted_action` what would have happened without hold, skip or conflict. The numbers are null
    where that side has none; `data_set` is null for an element in no data set.
    """

    data_set: Series[str] = pa.Field(nullable=True)
    tracker_value: Series[float] = pa.Field(nullable=True)
    current_value: Series[str] = pa.Field(nullable=True)
    ledger_value: Series[float] = pa.Field(nullable=True)
    action: Series[str] = pa.Field(isin=ACTIONS)
    wanted_action: Series[str] = pa.Field(isin=ACTIONS)
    reason_id: Series[str]
    reason: Series[str]
    send: Series[str] = pa.Field(nullable=True)
    delete: Series[bool]
    closes_ledger: Series[bool]
    decision: Series[str] = pa.Field(nullable=True)
    decided_in: Series[str] = pa.Field(nullable=True)
    decided_by: Series[str] = pa.Field(nullable=True)
    decided_why: Series[str] = pa.Field(nullable=True)
    comment: Series[str] = pa.Field(nullable=True)
    stored_by: Series[str] = pa.Field(nullable=True)
    last_updated: Series[str] = pa.Field(nullable=True)


class Outcomes(CellKeys):
    """One row per planned cell that is done with: what became of it, in words."""

    outcome: Series[str] = pa.Field(isin=OUTCOMES)
    reason: Series[str]


def checked(frame: pl.DataFrame, model: type[Model]) -> DataFrame[Model]:
    """The same frame, of which pandera found nothing wrong; what is wrong is a bug of ours.

    Raises `TypeError` for other columns or types, `ValueError` for rows that break a rule.
    """
    if wrong := failures(frame, model):
        first = wrong[0]
        raise ValueError(f"{model.__name__}: row {first.row}, {first.column} breaks {first.check}")
    return trusted(frame, model)


def trusted(frame: pl.DataFrame, _model: type[Model]) -> DataFrame[Model]:
    """The same frame under its type: it was made here of frames that were checked."""
    return cast("DataFrame[Model]", frame)


def columns(model: type[pa.DataFrameModel]) -> tuple[str, ...]:
    """The names of a model's columns, in their order."""
    return tuple(model.to_schema().columns)


def empty(model: type[Model]) -> DataFrame[Model]:
    """A frame of this type without a row."""
    shape = {name: column.dtype.type for name, column in model.to_schema().columns.items()}
    return trusted(pl.DataFrame(schema=shape), model)
