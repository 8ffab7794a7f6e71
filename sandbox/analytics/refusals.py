"""Why an analytics request may not be answered although it can be read."""

from sandbox.analytics.query import CONFLICT, AnalyticsQuery
from sandbox.messages.envelopes import RefusalError
from sandbox.state.calendar import period_type
from sandbox.state.objects import Objects
from sandbox.state.tree import Tree
from sandbox.state.world import User, World

EVENT_AUTHORITY = "F_VIEW_EVENT_ANALYTICS"
DIVISION_BY_ZERO = "22012"
BROKEN = {
    "42803": 'column "ax.eventstatus" must appear in the GROUP BY clause',
    "42703": "column does not exist",
}


def check_form(query: AnalyticsQuery, objects: Objects, *, grid: bool) -> None:
    """Refuse a request that lacks a dimension, or has one that does not go with indicators."""
    if not query.items and grid:
        raise RefusalError(
            CONFLICT,
            "At least one data dimension item or data element group set dimension item"
            " must be specified",
            "E7102",
        )
    if not grid and "ou" not in query.columns:
        raise RefusalError(400, "Org unit header does not exist")
    elements = [item for item in query.items if kind(item, objects) == "dataElements"]
    if "co" in query.columns and not elements:
        raise RefusalError(
            CONFLICT,
            "Assigned categories cannot be specified when data elements are not specified",
            "E7113",
        )


def check_user(query: AnalyticsQuery, objects: Objects, tree: Tree, user: User) -> None:
    """Refuse org units outside the user's tree (E7120), then missing authority (E7217)."""
    roots = user.data_view_org_units or user.org_units
    outside = [unit for unit in query.org_units if roots and not tree.within(unit, roots)]
    if outside:
        raise RefusalError(
            CONFLICT,
            f"User: `{user.username}` is not allowed to view org unit: `{outside[0]}`",
            "E7120",
        )
    if asked_indicators(query, objects) and user.authorities.isdisjoint({EVENT_AUTHORITY, "ALL"}):
        raise RefusalError(
            CONFLICT,
            f"User is not allowed to view event analytics data: `{user.username}`",
            "E7217",
        )


def check_tables(query: AnalyticsQuery, objects: Objects, world: World) -> None:
    """Refuse what needs a table that no run has made (E7144); one such indicator is enough."""
    events = bool(asked_indicators(query, objects))
    elements = len(asked_indicators(query, objects)) < len(query.items) or not query.items
    programs = {
        objects.by_id[one].get("program", {}).get("id") for one in asked_indicators(query, objects)
    }
    lacking = not world.lacking_tables.isdisjoint(programs)
    if lacking or (events and world.built is None) or (elements and world.built_elements is None):
        raise RefusalError(
            CONFLICT,
            "Query failed because a referenced table does not exist. Please ensure analytics job"
            " was run (SqlState: 42P01)",
            "E7144",
        )


def dropped_indicators(
    query: AnalyticsQuery, objects: Objects, tree: Tree, world: World
) -> set[str]:
    """The indicators that the answer leaves out because the database cannot run them.

    One that is asked alone, for one period type and one level, is refused instead (E7145). A
    division by zero always refuses the request (E7132).
    """
    asked = asked_indicators(query, objects)
    states = {item: world.broken[item] for item in asked if item in world.broken}
    if DIVISION_BY_ZERO in states.values():
        raise RefusalError(
            CONFLICT, "Expression violation. Maybe an indicator caused division by zero?", "E7132"
        )
    types = {period_type(period) for period in query.periods}
    levels = {tree.level(unit) for unit in query.org_units}
    if states and len(asked) * len(types) * len(levels) == 1:
        state = states[asked[0]]
        raise RefusalError(
            CONFLICT, f"Query failed because of a syntax error (SqlState: {state})", "E7145"
        )
    return set(states)


def check_limit(rows: int, world: World) -> None:
    """Refuse an answer with more rows than the server gives (E7128)."""
    limit = int(world.settings.get("keyAnalyticsMaxLimit", "100000"))
    if 0 < limit < rows:
        raise RefusalError(CONFLICT, f"Query result set exceeded max limit: `{limit}`", "E7128")


def kind(item: str, objects: Objects) -> str:
    """The kind of a data item."""
    return objects.plural[item.partition(".")[0]]


def asked_indicators(query: AnalyticsQuery, objects: Objects) -> list[str]:
    """The program indicators asked for, doubles included."""
    return [item for item in query.items if kind(item, objects) == "programIndicators"]
