"""The frames of a plan: what is known of each cell, and what becomes of it."""

import pandera.polars as pa
from pandera.typing.polars import Series

from schemas.values import CellKeys
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
