"""The frames of a plan: what is known of each cell, and what becomes of it."""

import pandera.polars as pa
import polars as pl
from pandera.typing.polars import Series

from schemas.frames import Frame
from schemas.values import CellKeys, PackedValues
from schemas.vocabulary import ACTIONS


class PlanCells(CellKeys):
    """One row per cell that a plan decides about: what each side holds and what people ruled.

    Tracker's, the target's and the ledger's number are null where that side has none; `unknown`:
    tracker's is not to be believed; `total_stayed`: a lower one is not, as the total of its
    indicator did not fall with it; `unread`: the target's cell cannot be read. `in_image`: the
    run asked for it. `hold_reason` and `site_hold` say why it may not be written (null: it may).
    """

    data_set: Series[str] = pa.Field(nullable=True)
    tracker_value: Series[float] = pa.Field(nullable=True)
    current_value: Series[str] = pa.Field(nullable=True)
    ledger_value: Series[float] = pa.Field(nullable=True)
    unknown: Series[bool]
    total_stayed: Series[bool]
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


class KeptCells(PackedValues):
    """One row per cell that holds tracker's number already, sorted by its number.

    `is_ours`: the ledger has it, with the same number; it is nobody's else.
    """

    is_ours: Series[bool]


class NewValues(PackedValues):
    """One row per cell that is to be created as tracker has it, sorted by its number."""

    data_set: Series[pl.Categorical]


class KeptGroups(Frame):
    """One row per data set, data element, org unit: what is kept there, and how much it is.

    `ours`: how many of the cells are in the ledger, with `total` for the sum of their numbers.
    `is_settled`: of periods that ended long ago.
    """

    data_set: Series[str]
    data_element: Series[str]
    org_unit: Series[str]
    is_settled: Series[bool]
    cells: Series[int]
    ours: Series[int]
    total: Series[float]


class PlainCounts(Frame):
    """One row per action, data set and period: how many plain cells a plan has there."""

    action: Series[str] = pa.Field(isin=ACTIONS)
    data_set: Series[str]
    period: Series[str]
    cells: Series[int]
