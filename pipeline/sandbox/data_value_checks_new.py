"""What the new engine asks of a whole request: the first answer that is no refuses all of it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from pipeline.sandbox.data_value_facts import Facts, assigned, members
from pipeline.sandbox.data_value_payload import ImportOptions, Row
from pipeline.sandbox.data_value_periods import Period
from pipeline.sandbox.data_value_timeliness import (
    EDIT_EXPIRED,
    SUPERUSER,
    ahead_of_time,
    approved,
    closed,
    expired,
    may_any,
    outside_input_periods,
)
from pipeline.sandbox.world import Json, User, World


class GroupRefusalError(Exception):
    """The request is refused as one; `args` name who is at fault."""

    def __init__(self, code: str, culprits: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.culprits = culprits


@dataclass(frozen=True)
class Entry:
    """A row in uids; a combo that was not sent stays None, which some checks walk past."""

    row: Row
    data_element: str
    period: Period
    org_unit: str
    option_combo: str | None
    attribute_combo: str | None

    @property
    def key_text(self) -> str:
        """Give the key the way the server prints it."""
        return (
            f"DataValueKey[dataElement={self.data_element}, orgUnit={self.org_unit}, "
            f"categoryOptionCombo={self.option_combo or 'null'}, "
            f"attributeOptionCombo={self.attribute_combo or 'null'}, period={self.period.id}]"
        )


@dataclass(frozen=True)
class Group:
    """The request as one: everything it touches belongs to one data set."""

    world: World
    facts: Facts
    user: User
    options: ImportOptions
    data_set: Json
    entries: tuple[Entry, ...]
    now: datetime

    @property
    def forced(self) -> bool:
        """Tell whether a superuser asked to be let through."""
        return self.options.force and SUPERUSER in self.user.authorities

    @cached_property
    def periods(self) -> dict[str, Period]:
        """Give the periods of the request."""
        return {entry.period.id: entry.period for entry in self.entries}


def refuse(code: str, before: str, culprits: Iterable[str], text: str) -> None:
    """Refuse the request when there are culprits; `{}` in the text stands for them."""
    found = f"[{', '.join(dict.fromkeys(culprits))}]"
    if found != "[]":
        raise GroupRefusalError(code, f"{before}{found}", text.format(f"`{found}`"))


def detect(facts: Facts, elements: Iterable[str]) -> str:
    """Give the one data set that all elements lead to; none or several are refused."""
    elements = list(dict.fromkeys(elements))
    found = sorted({one["id"] for element in elements for one in facts.sets_of.get(element, [])})
    if not found:
        text = "Data set detection failed, found no set for data element(s): {}"
        refuse("E8003", "", elements, text)
    if len(found) > 1:
        refuse("E8002", "", found, "Data set detection failed, found multiple sets: {}")
    return found[0]


def _elements(group: Group) -> None:
    known, name = set(members(group.data_set)), group.data_set["id"]
    strangers = [entry.data_element for entry in group.entries if entry.data_element not in known]
    refuse("E8020", f"{name}-", strangers, f"Data set {name} not usable with data element(s): {{}}")


def _org_units(group: Group) -> None:
    known, name = assigned(group.data_set), group.data_set["id"]
    strangers = [entry.org_unit for entry in group.entries if entry.org_unit not in known]
    refuse("E8022", f"{name}-", strangers, f"Data set {name} not usable with org unit(s): {{}}")


def _period_types(group: Group) -> None:
    kind, name = group.data_set["periodType"], group.data_set["id"]
    strangers = [period.id for period in group.periods.values() if period.type != kind]
    refuse("E8021", f"{name}-", strangers, f"Data set {name} not usable with period(s): {{}}")


def _attribute_combos(group: Group) -> None:
    name, combo = group.data_set["id"], group.data_set["categoryCombo"]["id"]
    strangers = [
        entry.attribute_combo
        for entry in group.entries
        if entry.attribute_combo and not group.facts.belongs(entry.attribute_combo, combo)
    ]
    text = f"Data set {name} not usable with attribute option combo(s): {{}}"
    refuse("E8023", f"{name}-", strangers, text)


def _option_combos(group: Group) -> None:
    name = group.data_set["id"]
    for element in dict.fromkeys(entry.data_element for entry in group.entries):
        combo = group.facts.combo_of(element, group.data_set)
        strangers = [
            entry.option_combo
            for entry in group.entries
            if entry.data_element == element
            and entry.option_combo
            and not group.facts.belongs(entry.option_combo, combo)
        ]
        text = (
            f"Data set {name} + data element {element} not usable with "
            "category option combo(s): {}"
        )
        refuse("E8024", f"{name}-{element}-", strangers, text)


def _tree(group: Group) -> None:
    if SUPERUSER in group.user.authorities:
        return
    strangers = [
        entry.org_unit
        for entry in group.entries
        if not group.facts.tree.within(entry.org_unit, group.user.org_units)
    ]
    refuse("E8011", "", strangers, "Current user cannot enter data for org unit(s): {}")


def _open_units(group: Group) -> None:
    for unit in dict.fromkeys(entry.org_unit for entry in group.entries):
        outside = [
            entry.period.id
            for entry in group.entries
            if entry.org_unit == unit and closed(group.facts.tree.units[unit], entry.period)
        ]
        text = f"Untimely data entry for org unit {unit} and period(s): {{}}"
        refuse("E8031", f"{unit}-", outside, text)


def _timely(group: Group) -> None:
    name = group.data_set["id"]
    late = [entry.period.id for entry in group.entries if not _is_timely(group, entry)]
    text = f"Untimely data entry for data set {name} and period(s): {{}}"
    refuse("E8030", f"{name}-", late if not group.forced else [], text)


def _is_timely(group: Group, entry: Entry) -> bool:
    data_set = group.data_set
    if outside_input_periods(data_set, entry.period, group.now, inverted=True):
        return False
    if ahead_of_time(data_set, entry.period, group.now.date()):
        return False
    whole_days = data_set | {"expiryDays": int(data_set.get("expiryDays") or 0)}
    return (
        not expired(whole_days, entry.period, group.now)
        or may_any(group.user, EDIT_EXPIRED)
        or (data_set["id"], entry.period.id, entry.org_unit) in group.world.lock_exceptions
    )


def _not_approved(group: Group) -> None:
    shut = [
        (entry.attribute_combo, entry.org_unit, entry.period.id)
        for entry in group.entries
        if entry.attribute_combo
        and approved(
            group.world.approvals,
            group.data_set,
            entry.period,
            entry.org_unit,
            entry.attribute_combo,
        )
    ]
    for combo, unit in dict.fromkeys((combo, unit) for combo, unit, _ in shut):
        periods = [period for *where, period in shut if where == [combo, unit]]
        text = (
            "Untimely data entry (already approved) for attribute option combo "
            f"{combo}, org unit {unit} and periods: {{}}"
        )
        refuse("E8033", f"{combo}-{unit}-", periods if not group.forced else [], text)


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
    _keys_once,
    _elements,
    _org_units,
    _period_types,
    _attribute_combos,
    _option_combos,
    _tree,
    _open_units,
    _timely,
    _not_approved,
)


def check(group: Group) -> None:
    """Pass, or raise the first `GroupRefusalError`."""
    for ask in CHECKS:
        ask(group)


MISSING = {
    "dataElement": ("E8102", "data element"),
    "orgUnit": ("E8105", "org unit"),
    "period": ("E8100", "period"),
}
NOT_FOUND = {
    "dataElement": ("E8103", "E8104", "data element"),
    "orgUnit": ("E8107", "E8106", "org unit"),
    "categoryOptionCombo": ("E8108", "E8109", "category option combo"),
    "attributeOptionCombo": ("E8112", "E8113", "attribute option combo"),
}


def decode(
    facts: Facts, schemes: Mapping[str, str], kind: str, index: int, text: str | None
) -> str | None:
    """Give the uid a text stands for; uids are taken at their word, codes are looked up."""
    if not text:
        return None
    absent, misshapen, what = NOT_FOUND[kind]
    if schemes[kind] == "UID":
        if len(text) != UID_LENGTH or not text.isalnum():
            reason = f"Value #{index} {what} UID not valid: `{text}`"
            raise GroupRefusalError(misshapen, f"{index}-{text}", reason)
        return text
    found = facts.find(kind, schemes[kind], text)
    if found is None:
        reason = f"Value #{index} {what} not found: `{text}`"
        raise GroupRefusalError(absent, f"{index}-{text}", reason)
    return found


UID_LENGTH = 11


def printed(row: Row) -> str:
    """Give a row the way the server prints it."""
    sent = [
        ("dataElement", row.data_element),
        ("orgUnit", row.org_unit),
        ("categoryOptionCombo", row.category_option_combo),
        ("categoryOptions", None),
        ("attributeOptionCombo", row.attribute_option_combo),
        ("attributeCombo", None),
        ("attributeOptions", None),
        ("period", row.period),
        ("value", row.value),
        ("comment", row.comment),
        ("followUp", "true" if row.followup else None),
        ("deleted", "true" if row.deleted else None),
    ]
    return f"Input[{', '.join(name + '=' + (word or 'null') for name, word in sent)}]"
