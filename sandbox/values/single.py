"""One cell at a time: what it holds, and deleting it."""

from collections.abc import Mapping
from dataclasses import replace

from sandbox.entry.context import Context
from sandbox.entry.periods import find_period
from sandbox.entry.timeliness import locked
from sandbox.messages.envelopes import RefusalError
from sandbox.state.world import StoredValue, ValueKey


def get_value(context: Context, query: Mapping[str, str]) -> str | None:
    """The text of a cell; 404 when it holds none."""
    there = context.world.values.get(_key(context, query))
    if there is None or there.deleted:
        raise RefusalError(404, "Data value does not exist")
    return there.value


def delete_value(context: Context, query: Mapping[str, str], *, leaves_tombstones: bool) -> None:
    """Delete the value of a cell.

    A server that `leaves_tombstones` forgets the text and leaves a deleted row where there was
    none; the other keeps the text and refuses what is not there.
    """
    key = _key(context, query)
    _refuse_locked(context, key)
    there = context.world.values.get(key)
    name, now = context.user.username, context.now
    if there is not None and not there.deleted:
        text = None if leaves_tombstones else there.value
        context.world.values[key] = replace(
            there, value=text, stored_by=name, last_updated=now, deleted=True
        )
    elif not leaves_tombstones:
        raise RefusalError(409, "Data value cannot be deleted because it does not exist")
    elif there is None:
        context.world.values[key] = StoredValue(None, name, now, now, deleted=True)


def _key(context: Context, query: Mapping[str, str]) -> ValueKey:
    lookups, period = context.lookups, find_period(query.get("pe"))
    element, unit = query.get("de", ""), query.get("ou", "")
    combo = query.get("co", lookups.default_combo)
    known = element in lookups.elements and unit in lookups.tree.units
    if not known or period is None or combo not in lookups.option_combos:
        raise RefusalError(409, f"No such cell: {element}, {query.get('pe')}, {unit}, {combo}")
    return ValueKey(element, period.id, unit, combo, lookups.default_combo)


def _refuse_locked(context: Context, key: ValueKey) -> None:
    period = find_period(key.period)
    for data_set in context.lookups.sets_of.get(key.data_element, []):
        if period and locked(context, data_set, period, key.org_unit):
            raise RefusalError(409, "Data set is locked")
