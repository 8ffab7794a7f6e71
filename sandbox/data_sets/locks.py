"""Lock exceptions: which locked data sets are open to everybody."""

from collections.abc import Mapping

from pipeline.cells.periods import parse_period
from sandbox.data_sets.cells import cell_of
from sandbox.entry.context import Context
from sandbox.state.world import Json


def add_lock_exception(context: Context, query: Mapping[str, str]) -> None:
    """Open one locked cell to everybody."""
    data_set, period, unit = cell_of(context, query)
    context.world.lock_exceptions.add((data_set["id"], period.id, unit))


def remove_lock_exception(context: Context, query: Mapping[str, str]) -> None:
    """Delete a lock exception."""
    data_set, period, unit = cell_of(context, query)
    context.world.lock_exceptions.discard((data_set["id"], period.id, unit))


def lock_exceptions(
    context: Context, *, with_period_ids: bool = True, with_dates: bool = False
) -> list[Json]:
    """List the locked cells that are open to everybody, as references.

    2.43 tells no id of a period; it tells type and dates where the whole period is asked for.
    """
    return [
        {
            "dataSet": {"id": data_set},
            "period": _period(period, with_id=with_period_ids, with_dates=with_dates),
            "organisationUnit": {"id": unit},
        }
        for data_set, period, unit in sorted(context.world.lock_exceptions)
    ]


def _period(period_id: str, *, with_id: bool, with_dates: bool) -> Json:
    if with_id:
        return {"id": period_id}
    if not with_dates:
        return {}
    period = parse_period(period_id)
    return {
        "periodType": period.type,
        "startDate": f"{period.start.isoformat()}T00:00:00.000",
        "endDate": f"{period.end.isoformat()}T00:00:00.000",
    }
