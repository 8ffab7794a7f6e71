"""One cell at a time: what it holds, and deleting it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from pipeline.sandbox.data_value_facts import Facts
from pipeline.sandbox.data_value_generations import ValueHabits
from pipeline.sandbox.data_value_periods import find_period
from pipeline.sandbox.data_value_timeliness import locked
from pipeline.sandbox.envelopes import RefusalError
from pipeline.sandbox.world import StoredValue, User, ValueKey, World


def key_of(world: World, query: Mapping[str, str]) -> ValueKey:
    """Give the key a query names; 409 when one of its parts is not there."""
    facts = Facts(world)
    period = find_period(query.get("pe"))
    default = facts.default_combo
    combo = query.get("co", default)
    element, unit = query.get("de", ""), query.get("ou", "")
    known = element in facts.elements and unit in facts.tree.units
    if not known or period is None or combo not in facts.option_combos:
        raise RefusalError(409, f"Data value not found: {element}, {query.get('pe')}, {unit}")
    return ValueKey(element, period.id, unit, combo, default)


def get_value(world: World, query: Mapping[str, str]) -> str | None:
    """Give the text of a cell; 404 when it holds none."""
    there = world.values.get(key_of(world, query))
    if there is None or there.deleted:
        raise RefusalError(404, "Data value does not exist")
    return there.value


def delete_value(
    world: World, habits: ValueHabits, user: User, query: Mapping[str, str], now: datetime
) -> None:
    """Delete the value of a cell.

    The new server forgets the text and leaves a deleted row where there was none; the old one
    keeps the text and refuses what is not there.
    """
    key = key_of(world, query)
    there = world.values.get(key)
    for data_set in Facts(world).sets_of.get(key.data_element, []):
        period = find_period(key.period)
        if period and locked(world, user, data_set, period, key.org_unit, now):
            raise RefusalError(409, "Data set is locked")
    if there is None or there.deleted:
        if not habits.tombstones_for_nothing:
            raise RefusalError(409, "Data value cannot be deleted because it does not exist")
        world.values.setdefault(key, StoredValue(None, user.username, now, now, deleted=True))
        return
    world.values[key] = replace(
        there,
        value=None if habits.tombstones_for_nothing else there.value,
        stored_by=user.username,
        last_updated=now,
        deleted=True,
    )
