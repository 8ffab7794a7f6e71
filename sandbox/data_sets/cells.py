"""The cell that locks, approvals and forms speak of: a data set, a period, an org unit."""

from collections.abc import Mapping

from pipeline.cells.periods import Period
from sandbox.entry.context import Context
from sandbox.entry.periods import find_period
from sandbox.messages.envelopes import RefusalError
from sandbox.state.world import Json

DataSetCell = tuple[Json, Period, str]


def cell_of(context: Context, query: Mapping[str, str]) -> DataSetCell:
    """The data set, period and org unit a query names; 409 when one of them is not there."""
    lookups = context.lookups
    data_set, period = lookups.data_sets.get(query.get("ds", "")), find_period(query.get("pe"))
    unit = query.get("ou", "")
    if data_set is None:
        raise RefusalError(409, f"Illegal data set identifier: {query.get('ds')}")
    if period is None:
        raise RefusalError(409, f"Illegal period identifier: {query.get('pe')}")
    if unit not in lookups.tree.units:
        raise RefusalError(409, f"Illegal organisation unit identifier: {unit}")
    return data_set, period, unit
