"""GET /api/dataValueSets: which values are asked for, and how each generation hands them out."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TypeVar

from pipeline.cells.periods import Period
from sandbox.entry.facts import SUPERUSER, Facts, Visit, members
from sandbox.entry.periods import find_period, not_a_period
from sandbox.entry.timeliness import span
from sandbox.http.envelopes import RefusalError
from sandbox.state.world import StoredValue, ValueKey
from sandbox.values.generations import ValueHabits

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
Query = Mapping[str, list[str]]
Parsed = TypeVar("Parsed")


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


def read_data_values(visit: Visit, habits: ValueHabits, query: Query) -> tuple[Asked, Found]:
    """Give the values a query asks for; refusals carry DHIS2's codes."""
    asked = _asked(visit, habits, query)
    found = [(key, value) for key, value in visit.world.values.items() if _fits(asked, key, value)]
    found.sort(key=lambda pair: (pair[0].period, pair[1].created))
    offset = (parsed(query, "offset", int) or 0) if habits.hoists else 0
    limit = parsed(query, "limit", int)
    return asked, found[offset : None if limit is None else offset + limit]


def _one(query: Query, name: str, default: str = "") -> str:
    return query.get(name, [default])[0]


def parsed(query: Query, name: str, read: Callable[[str], Parsed]) -> Parsed | None:
    """Give a parameter as `read` reads it, None when it was not sent; nonsense is a 400."""
    text = _one(query, name)
    try:
        return read(text) if text else None
    except ValueError as reason:
        text = f"Value '{text}' is not valid for parameter {name}"
        raise RefusalError(400, text) from reason


def _asked(visit: Visit, habits: ValueHabits, query: Query) -> Asked:
    source = Finder(visit.facts, habits, _one(query, "inputIdScheme", "UID"))
    data_sets, elements, units, combos = (
        source.ids(kind, query.get(kind, []))
        for kind in ("dataSet", "dataElement", "orgUnit", "attributeOptionCombo")
    )
    element_groups, unit_groups = query.get("dataElementGroup", []), query.get("orgUnitGroup", [])
    periods, dates = _periods(habits, query.get("period", [])), dates_of(query)
    since, children = _since(query, visit.now), _one(query, "children") == "true"
    timed = bool(periods or dates or (since and habits.reads_by_last_updated))
    for lacking, (code, message) in (
        (not (data_sets or elements or element_groups), NO_ELEMENTS),
        (not timed, NO_PERIODS),
        (bool(unit_groups) and children, habits.group_and_children),
        (not (units or unit_groups), NO_UNITS),
    ):
        if lacking:
            raise RefusalError(409, message, code)
    _see(visit, habits, units)
    return Asked(
        data_sets=data_sets,
        elements=_elements(visit.facts, data_sets, elements, element_groups),
        periods=periods,
        dates=dates,
        units=_units(visit, habits, units, unit_groups, children=children),
        named_units=units,
        one_unit=len(units) == 1 and not children and not unit_groups,
        attribute_combos=combos,
        since=since,
        deleted=_one(query, "includeDeleted") == "true",
        schemes=_schemes(query),
    )


@dataclass(frozen=True)
class Finder:
    """Turns the ids of a query into uids."""

    facts: Facts
    habits: ValueHabits
    scheme: str

    def ids(self, kind: str, texts: Iterable[str]) -> list[str]:
        """Give uids; a uid that is not there is dropped or taken at its word."""
        found = [(text, self.facts.find(kind, self.scheme, text)) for text in texts]
        believed = not self.habits.drops_unknown_ids and self.scheme == "UID"
        return [uid or text for text, uid in found if uid or believed]


def _periods(habits: ValueHabits, texts: Iterable[str]) -> list[Period]:
    periods = []
    for text in texts:
        period = find_period(text)
        if period:
            periods.append(period)
        elif not habits.drops_unknown_ids:
            raise RefusalError(400, not_a_period(text))
    return periods


def dates_of(query: Query) -> tuple[date, date] | None:
    """Give the first and the last day of a query, None unless it names both."""
    first, last = (parsed(query, name, date.fromisoformat) for name in ("startDate", "endDate"))
    return (first, last) if first and last else None


def within(text: str, dates: tuple[date, date]) -> bool:
    """Tell whether a period lies wholly between two days, both included."""
    period = find_period(text)
    return period is not None and dates[0] <= period.start and period.end <= dates[1]


def _since(query: Query, now: datetime) -> datetime | None:
    duration = _one(query, "lastUpdatedDuration")
    if duration:
        return now - span(duration)
    moment = parsed(query, "lastUpdated", datetime.fromisoformat)
    return moment and (moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _see(visit: Visit, habits: ValueHabits, units: list[str]) -> None:
    """Refuse org units outside the tree, each generation in its way."""
    if visit.may(SUPERUSER) and not habits.silent_outside_the_tree:
        return
    tree, user = visit.facts.tree, visit.user
    seen = user.data_view_org_units if habits.silent_outside_the_tree else ()
    outside = [
        unit
        for unit in units
        if unit in tree.units and not tree.within(unit, seen or user.org_units)
    ]
    if outside and habits.silent_outside_the_tree:
        raise SilenceError
    if outside:
        text = f"User is not allowed to view org unit(s): `[{', '.join(outside)}]`"
        raise RefusalError(409, text, "E2012")


def _elements(
    facts: Facts, data_sets: list[str], elements: list[str], groups: list[str]
) -> set[str]:
    grouped = facts.all("dataElementGroups")
    return {
        *elements,
        *(
            element
            for one in data_sets
            if one in facts.data_sets
            for element in members(facts.data_sets[one])
        ),
        *(
            member["id"]
            for group in groups
            if group in grouped
            for member in grouped[group].get("dataElements", [])
        ),
    }


def _units(
    visit: Visit, habits: ValueHabits, named: list[str], groups: list[str], *, children: bool
) -> set[str]:
    tree = visit.facts.tree
    if groups and habits.groups_for_superusers and not visit.may(SUPERUSER):
        return set()
    units = set(tree.below(named)) if children else set(named)
    return units.union(*(tree.groups.get(group, []) for group in groups))


def _schemes(query: Query) -> dict[str, str]:
    common = _one(query, "idScheme") or _one(query, "outputIdScheme") or "UID"
    names = ("dataSet", "dataElement", "orgUnit", "categoryOptionCombo", "attributeOptionCombo")
    return {name: _one(query, f"{name}IdScheme", common) for name in names}


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
    return asked.dates is None or within(text, asked.dates)
