"""GET /api/dataValueSets: which values are asked for, and how each generation hands them out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from pipeline.cells.periods import Period
from sandbox.entry.context import SUPERUSER, Context
from sandbox.entry.lookups import Lookups, members
from sandbox.entry.periods import find_period, lies_between, not_a_period
from sandbox.messages.envelopes import RefusalError
from sandbox.messages.parameters import Query, dates_of, duration, first_value, parsed
from sandbox.state.world import StoredValue, ValueKey
from sandbox.values.generations import ValueBehaviour

NO_ELEMENTS = (
    "E2001",
    "At least one data element, data set or data element group must be specified",
)
NO_PERIODS = (
    "E2002",
    "At least one period, start/end dates, last updated or last updated duration must be specified",
)
NO_UNITS = (
    "E2006",
    "At least one organisation unit or organisation unit group must be specified",
)
Found = list[tuple[ValueKey, StoredValue]]


class SilenceError(Exception):
    """The old server has nothing to say: 200 without a byte."""


@dataclass(frozen=True)
class Asked:
    """What a read is about, in uids.

    `named_units` are those the query itself named, `one_unit` that it was about one of them only.
    """

    data_sets: list[str]
    elements: set[str]
    periods: list[Period]
    dates: tuple[date, date] | None
    units: set[str]
    named_units: list[str]
    one_unit: bool
    attribute_combos: list[str]
    since: datetime | None
    deleted: bool
    schemes: dict[str, str]


def read_data_values(
    context: Context, behaviour: ValueBehaviour, query: Query
) -> tuple[Asked, Found]:
    """The values a query asks for; refusals carry DHIS2's codes."""
    asked = _asked(context, behaviour, query)
    found = [
        (key, value) for key, value in context.world.values.items() if _fits(asked, key, value)
    ]
    found.sort(key=lambda pair: (pair[0].period, pair[1].created))
    offset = (parsed(query, "offset", int) or 0) if behaviour.hoists else 0
    limit = parsed(query, "limit", int)
    return asked, found[offset : None if limit is None else offset + limit]


def _asked(context: Context, behaviour: ValueBehaviour, query: Query) -> Asked:
    source = Finder(context.lookups, behaviour, first_value(query, "inputIdScheme", "UID"))
    data_sets, elements, units, combos = (
        source.ids(kind, query.get(kind, []))
        for kind in ("dataSet", "dataElement", "orgUnit", "attributeOptionCombo")
    )
    element_groups, unit_groups = query.get("dataElementGroup", []), query.get("orgUnitGroup", [])
    periods, dates = _periods(behaviour, query.get("period", [])), dates_of(query)
    since, children = _since(query, context.now), first_value(query, "children") == "true"
    timed = bool(periods or dates or (since and behaviour.reads_by_last_updated))
    for lacking, (code, message) in (
        (not (data_sets or elements or element_groups), NO_ELEMENTS),
        (not timed, NO_PERIODS),
        (bool(unit_groups) and children, behaviour.group_and_children),
        (not (units or unit_groups), NO_UNITS),
    ):
        if lacking:
            raise RefusalError(409, message, code)
    _see(context, behaviour, units)
    return Asked(
        data_sets=data_sets,
        elements=_elements(context.lookups, data_sets, elements, element_groups),
        periods=periods,
        dates=dates,
        units=_units(context, behaviour, units, unit_groups, children=children),
        named_units=units,
        one_unit=len(units) == 1 and not children and not unit_groups,
        attribute_combos=combos,
        since=since,
        deleted=first_value(query, "includeDeleted") == "true",
        schemes=_schemes(query),
    )


@dataclass(frozen=True)
class Finder:
    """Turns the ids of a query into uids."""

    lookups: Lookups
    behaviour: ValueBehaviour
    scheme: str

    def ids(self, kind: str, texts: Iterable[str]) -> list[str]:
        """Uids; a uid that is not there is dropped or taken at its word."""
        found = [(text, self.lookups.find(kind, self.scheme, text)) for text in texts]
        believed = not self.behaviour.drops_unknown_ids and self.scheme == "UID"
        return [uid or text for text, uid in found if uid or believed]


def _periods(behaviour: ValueBehaviour, texts: Iterable[str]) -> list[Period]:
    periods = []
    for text in texts:
        period = find_period(text)
        if period:
            periods.append(period)
        elif not behaviour.drops_unknown_ids:
            raise RefusalError(400, not_a_period(text))
    return periods


def _since(query: Query, now: datetime) -> datetime | None:
    lasting = first_value(query, "lastUpdatedDuration")
    if lasting:
        return now - duration(lasting)
    moment = parsed(query, "lastUpdated", datetime.fromisoformat)
    return moment and (moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _see(context: Context, behaviour: ValueBehaviour, units: list[str]) -> None:
    """Refuse org units outside the tree, each generation in its way."""
    if context.may(SUPERUSER) and not behaviour.silent_outside_the_tree:
        return
    tree, user = context.lookups.tree, context.user
    seen = user.data_view_org_units if behaviour.silent_outside_the_tree else ()
    outside = [
        unit
        for unit in units
        if unit in tree.units and not tree.within(unit, seen or user.org_units)
    ]
    if outside and behaviour.silent_outside_the_tree:
        raise SilenceError
    if outside:
        text = f"User is not allowed to view org unit(s): `[{', '.join(outside)}]`"
        raise RefusalError(409, text, "E2012")


def _elements(
    lookups: Lookups, data_sets: list[str], elements: list[str], groups: list[str]
) -> set[str]:
    grouped = lookups.all("dataElementGroups")
    return {
        *elements,
        *(
            element
            for one in data_sets
            if one in lookups.data_sets
            for element in members(lookups.data_sets[one])
        ),
        *(
            member["id"]
            for group in groups
            if group in grouped
            for member in grouped[group].get("dataElements", [])
        ),
    }


def _units(
    context: Context,
    behaviour: ValueBehaviour,
    named: list[str],
    groups: list[str],
    *,
    children: bool,
) -> set[str]:
    tree = context.lookups.tree
    if groups and behaviour.groups_for_superusers and not context.may(SUPERUSER):
        return set()
    units = set(tree.below(named)) if children else set(named)
    return units.union(*(tree.groups.get(group, []) for group in groups))


def _schemes(query: Query) -> dict[str, str]:
    common = first_value(query, "idScheme") or first_value(query, "outputIdScheme") or "UID"
    names = ("dataSet", "dataElement", "orgUnit", "categoryOptionCombo", "attributeOptionCombo")
    return {name: first_value(query, f"{name}IdScheme", common) for name in names}


def _fits(asked: Asked, key: ValueKey, value: StoredValue) -> bool:
    return (
        key.data_element in asked.elements
        and key.org_unit in asked.units
        and (asked.deleted or not value.deleted)
        and (not asked.attribute_combos or key.attribute_option_combo in asked.attribute_combos)
        and (asked.since is None or value.last_updated >= asked.since)
        and _in_time(asked, key.period)
    )


def _in_time(asked: Asked, text: str) -> bool:
    if asked.periods:
        return any(text == period.id for period in asked.periods)
    return asked.dates is None or lies_between(text, asked.dates)
