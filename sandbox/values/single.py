"""One cell at a time: what it holds, and deleting it."""

from collections.abc import Mapping
from dataclasses import replace

from sandbox.entry.facts import Visit
from sandbox.entry.periods import find_period
from sandbox.entry.timeliness import locked
from sandbox.http.envelopes import RefusalError
from sandbox.state.world import StoredValue, ValueKey


def get_value(visit: Visit, query: Mapping[str, str]) -> str | None:
    """Give the text of a cell; 404 when it holds none."""
    there = visit.world.values.get(_key(visit, query))
    if there is None or there.deleted:
        raise RefusalError(404, "Data value does not exist")
    return there.value


def delete_value(visit: Visit, query: Mapping[str, str], *, leaves_tombstones: bool) -> None:
    """Delete the value of a cell.

    A server that `leaves_tombstones` forgets the text and leaves a deleted row where there was
    none; the other keeps the text and refuses what is not there.
    """
    key = _key(visit, query)
    _refuse_locked(visit, key)
    there = visit.world.values.get(key)
    name, now = visit.user.username, visit.now
    if there is not None and not there.deleted:
        text = None if leaves_tombstones else there.value
        visit.world.values[key] = replace(
            there, value=text, stored_by=name, last_updated=now, deleted=True
        )
    elif not leaves_tombstones:
        raise RefusalError(409, "Data value cannot be deleted because it does not exist")
    elif there is None:
        visit.world.values[key] = StoredValue(None, name, now, now, deleted=True)


def _key(visit: Visit, query: Mapping[str, str]) -> ValueKey:
    facts, period = visit.facts, find_period(query.get("pe"))
    element, unit = query.get("de", ""), query.get("ou", "")
    combo = query.get("co", facts.default_combo)
    known = element in facts.elements and unit in facts.tree.units
    if not known or period is None or combo not in facts.option_combos:
        raise RefusalError(409, f"No such cell: {element}, {query.get('pe')}, {unit}, {combo}")
    return ValueKey(element, period.id, unit, combo, facts.default_combo)


def _refuse_locked(visit: Visit, key: ValueKey) -> None:
    period = find_period(key.period)
    for data_set in visit.facts.sets_of.get(key.data_element, []):
        if period and locked(visit, data_set, period, key.org_unit):
            raise RefusalError(409, "Data set is locked")
