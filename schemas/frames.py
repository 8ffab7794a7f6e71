"""The frames that go from stage to stage: values, rejects, the plan, outcomes, the ledger.

Each is checked once, where it crosses a threshold (read from a file, a server or the store, or
handed to the next stage); inside a room its type is trusted.
"""

from typing import TypeVar, cast

import pandera.polars as pa
import polars as pl
from pandera.typing.polars import DataFrame, Series

from schemas.checking import failures
from schemas.vocabulary import ACTIONS, AGREEMENTS, OUTCOMES

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


class AnalyticsRows(Frame):
    """One row per number of an analytics answer, as the server wrote it; all text, no nulls.

    Between org_unit and value stands one more column of text for each category that was asked.
    """

    program_indicator: Series[str]
    period: Series[str]
    org_unit: Series[str]
    value: Series[str]

    class Config:
        """Categories have columns of their own."""

        strict = False


class AcceptedRows(Frame):
    """One row per analytics row that found its cell.

    `row`: the numbers of its period, its count and its org unit of the source, packed as a cell is.
    """

    row: Series[pl.UInt64]
    cell: Series[pl.UInt64]
    value: Series[float]


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


class PackedCurrentValues(Frame):
    """One row per cell that the target holds, by its number; the texts as the server wrote them."""

    cell: Series[pl.UInt64] = pa.Field(unique=True)
    value: Series[str] = pa.Field(nullable=True)
    stored_by: Series[str] = pa.Field(nullable=True)
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


class ManualRows(Frame):
    """One row per line of a file of manual numbers, or per value of a data set; texts as written.

    `number` is null where `written` has still to be read, `line` where there is no file.
    """

    line: Series[pl.Int64] = pa.Field(nullable=True)
    manual_data_element: Series[str]
    manual_category_option_combo: Series[str]
    manual_attribute_option_combo: Series[str]
    written_period: Series[str]
    written_unit: Series[str]
    written: Series[str] = pa.Field(nullable=True)
    number: Series[float] = pa.Field(nullable=True)


class ManualFindings(Frame):
    """One row per thing that could not be compared; `observed` is what stood there, in `line`."""

    rule_id: Series[str]
    sentence: Series[str]
    source: Series[str]
    line: Series[pl.Int64] = pa.Field(nullable=True)
    observed: Series[str] = pa.Field(nullable=True)


class TrackerLinks(Frame):
    """One row per form cell that tracker fills: the combos of the cell that it is compared in.

    `unknown`: an indicator behind it could not be asked.
    """

    data_element: Series[str]
    category_option_combo: Series[str]
    attribute_option_combo: Series[str]
    compared_category_option_combo: Series[str]
    compared_attribute_option_combo: Series[str]
    unknown: Series[bool]


class Discrepancies(CellKeys):
    """One row per cell that either side reported; a side that said nothing is null, never zero."""

    tracker_value: Series[float] = pa.Field(nullable=True)
    manual_value: Series[float] = pa.Field(nullable=True)
    difference: Series[float] = pa.Field(nullable=True)
    agreement: Series[str] = pa.Field(isin=AGREEMENTS)


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
