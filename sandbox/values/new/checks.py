"""The checks of the new engine (2.43): the first that fails refuses the whole request."""

from collections.abc import Callable, Iterable

from pipeline.cells.periods import Period
from sandbox.entry.context import SUPERUSER
from sandbox.entry.lookups import Lookups, assigned, members
from sandbox.entry.options import not_meant_for, out_of_date
from sandbox.entry.timeliness import (
    EDIT_EXPIRED,
    ahead_of_time,
    approved,
    closed,
    expired,
    expiry_days,
    shut_by_input_periods,
)
from sandbox.values.new.group import Group, GroupRefusalError, refuse


def detect(lookups: Lookups, elements: Iterable[str]) -> str:
    """The one data set that all elements lead to; none or several are refused."""
    elements = list(dict.fromkeys(elements))
    found = sorted({one["id"] for element in elements for one in lookups.sets_of.get(element, [])})
    if not found:
        text = "Data set detection failed, found no set for data element(s): {}"
        refuse("E8003", "", elements, text)
    if len(found) > 1:
        refuse("E8002", "", found, "Data set detection failed, found multiple sets: {}")
    return str(found[0])


def _elements(group: Group) -> None:
    known = set(members(group.data_set))
    invalid = [entry.data_element for entry in group.entries if entry.data_element not in known]
    text = f"Data set {group.name} not usable with data element(s): {{}}"
    refuse("E8020", f"{group.name}-", invalid, text)


def _org_units(group: Group) -> None:
    known = assigned(group.data_set)
    invalid = [entry.org_unit for entry in group.entries if entry.org_unit not in known]
    text = f"Data set {group.name} not usable with org unit(s): {{}}"
    refuse("E8022", f"{group.name}-", invalid, text)


def _period_types(group: Group) -> None:
    kind = group.data_set["periodType"]
    invalid = [period.id for period in group.periods if period.type != kind]
    text = f"Data set {group.name} not usable with period(s): {{}}"
    refuse("E8021", f"{group.name}-", invalid, text)


def _attribute_combos(group: Group) -> None:
    category_combo = group.data_set["categoryCombo"]["id"]
    sent = dict.fromkeys(entry.attribute_combo for entry in group.entries)
    invalid = [one for one in sent if one and not group.lookups.belongs(one, category_combo)]
    text = f"Data set {group.name} not usable with attribute option combo(s): {{}}"
    refuse("E8023", f"{group.name}-", invalid, text)


def _option_combos(group: Group) -> None:
    sent: dict[str, dict[str, None]] = {}
    for entry in group.entries:
        if entry.option_combo:
            sent.setdefault(entry.data_element, {})[entry.option_combo] = None
    for element, combos in sent.items():
        category_combo = group.lookups.combo_of(element, group.data_set)
        invalid = [one for one in combos if not group.lookups.belongs(one, category_combo)]
        text = (
            f"Data set {group.name} + data element {element} not usable with"
            " category option combo(s): {}"
        )
        refuse("E8024", f"{group.name}-{element}-", invalid, text)


def _option_places(group: Group) -> None:
    sent: dict[str, dict[str, None]] = {}
    for entry in group.entries:
        if entry.attribute_combo:
            sent.setdefault(entry.attribute_combo, {})[entry.org_unit] = None
    for combo, units in sent.items():
        invalid = [unit for unit in units if not_meant_for(group.lookups, combo, unit)]
        text = f"Attribute option combo {combo} not usable with org unit(s): {{}}"
        refuse("E8025", f"{combo}-", invalid, text)


def _tree(group: Group) -> None:
    roots, tree = group.context.user.org_units, group.lookups.tree
    units = dict.fromkeys(entry.org_unit for entry in group.entries)
    invalid = [unit for unit in units if not tree.within(unit, roots)]
    text = "Current user cannot enter data for org unit(s): {}"
    refuse("E8011", "", [] if group.context.may(SUPERUSER) else invalid, text)


def _open_units(group: Group) -> None:
    sent: dict[str, dict[Period, None]] = {}
    for entry in group.entries:
        sent.setdefault(entry.org_unit, {})[entry.period] = None
    for unit, periods in sent.items():
        shut = [period.id for period in periods if closed(group.lookups.tree.units[unit], period)]
        text = f"Untimely data entry for org unit {unit} and period(s): {{}}"
        refuse("E8031", f"{unit}-", shut, text)


def _timely(group: Group) -> None:
    """Refuse periods that are not open; the days a data set stays open are cut to whole ones."""
    data_set, now = group.data_set, group.context.now
    never = {
        period.id
        for period in group.periods
        if shut_by_input_periods(data_set, period, now, inverted=True)
        or ahead_of_time(data_set, period, now.date())
    }
    days = int(expiry_days(data_set))
    late = {period.id for period in group.periods if expired(days, period, now)}
    late = set() if group.context.may(EDIT_EXPIRED) else late
    exceptions = group.context.world.lock_exceptions
    shut = [
        entry.period.id
        for entry in group.entries
        if entry.period.id in never
        or (
            entry.period.id in late
            and (group.name, entry.period.id, entry.org_unit) not in exceptions
        )
    ]
    text = f"Untimely data entry for data set {group.name} and period(s): {{}}"
    refuse("E8030", f"{group.name}-", [] if group.forced else shut, text)


def _option_dates(group: Group) -> None:
    sent: dict[str, dict[Period, None]] = {}
    for entry in group.entries:
        if entry.attribute_combo:
            sent.setdefault(entry.attribute_combo, {})[entry.period] = None
    for combo, periods in sent.items():
        shut = [
            period.id
            for period in periods
            if out_of_date(group.lookups, combo, group.data_set, period, whole=True)
        ]
        text = f"Untimely data entry for attribute option combo {combo} and period(s): {{}}"
        refuse("E8032", f"{combo}-", [] if group.forced else shut, text)


def _not_approved(group: Group) -> None:
    """Refuse approved cells; a cell without attribute option combo is not looked at."""
    shut: dict[tuple[str, str], list[str]] = {}
    for entry in group.entries:
        combo, unit = entry.attribute_combo, entry.org_unit
        if combo and approved(group.context, group.data_set, entry.period, unit, combo):
            shut.setdefault((combo, unit), []).append(entry.period.id)
    for (combo, unit), periods in shut.items():
        text = (
            f"Untimely data entry (already approved) for attribute option combo {combo},"
            f" org unit {unit} and periods: {{}}"
        )
        refuse("E8033", f"{combo}-{unit}-", [] if group.forced else periods, text)


def _keys_once(group: Group) -> None:
    keys: dict[str, list[int]] = {}
    for entry in group.entries:
        if entry.row.index >= 0:
            keys.setdefault(entry.key_text, []).append(entry.row.index)
    for key, indexes in keys.items():
        if len(indexes) > 1:
            raise GroupRefusalError(
                "E8128",
                f"{indexes}-{key}",
                f"Value #{indexes} all affect the same data value: `{key}`",
            )


CHECKS: tuple[Callable[[Group], None], ...] = (
    _elements,
    _org_units,
    _period_types,
    _attribute_combos,
    _option_combos,
    _option_places,
    _tree,
    _open_units,
    _timely,
    _option_dates,
    _not_approved,
    _keys_once,
)


def check(group: Group) -> None:
    """Pass, or raise the first `GroupRefusalError`."""
    for ask in CHECKS:
        ask(group)
