"""What the query of GET /api/dataValueSets selects; refusals carry DHIS2's codes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from pipeline.cells.periods import Period
from sandbox.entry.context import SUPERUSER, Context
from sandbox.entry.lookups import Lookups, members
from sandbox.entry.periods import find_period, not_a_period
from sandbox.messages.envelopes import RefusalError
from sandbox.messages.parameters import Query, dates_of, duration, first_value, parsed
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


class EmptyAnswerError(Exception):
    """2.42 answers 200 without a byte."""


@dataclass(frozen=True)
class Selection:
    """What a read selects, in uids.

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


def selection_of(context: Context, behaviour: ValueBehaviour, query: Query) -> Selection:
    """The selection of a query, each lacking part and each foreign org unit refused."""
    resolver = IdResolver(context.lookups, behaviour, first_value(query, "inputIdScheme", "UID"))
    data_sets, elements, units, combos = (
        resolver.ids(kind, query.get(kind, []))
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
    _check_tree(context, behaviour, units)
    return Selection(
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
class IdResolver:
    """Resolves the ids of a query to uids."""

    lookups: Lookups
    behaviour: ValueBehaviour
    scheme: str

    def ids(self, kind: str, texts: Iterable[str]) -> list[str]:
        """The uids of some ids. 2.42 drops what it does not know; 2.43 believes any uid."""
        found = [(text, self.lookups.find(kind, self.scheme, text)) for text in texts]
        keeps_unknown = not self.behaviour.drops_unknown_ids and self.scheme == "UID"
        return [uid or text for text, uid in found if uid or keeps_unknown]


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


def _check_tree(context: Context, behaviour: ValueBehaviour, units: list[str]) -> None:
    """Refuse org units outside the tree, each generation in its way."""
    if context.may(SUPERUSER) and not behaviour.silent_outside_the_tree:
        return
    tree, user = context.lookups.tree, context.user
    if behaviour.silent_outside_the_tree:
        roots = user.data_view_org_units or user.org_units
    else:
        roots = (*user.org_units, *user.data_view_org_units)
    outside = [unit for unit in units if unit in tree.units and not tree.within(unit, roots)]
    if outside and behaviour.silent_outside_the_tree:
        raise EmptyAnswerError
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
