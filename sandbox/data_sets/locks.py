"""Lock exceptions: which locked data sets are open to everybody."""

from collections.abc import Mapping

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


def lock_exceptions(context: Context) -> list[Json]:
    """List the locked cells that are open to everybody, as references."""
    return [
        {"dataSet": {"id": data_set}, "period": {"id": period}, "organisationUnit": {"id": unit}}
        for data_set, period, unit in sorted(context.world.lock_exceptions)
    ]
