"""GET /api/dataValueSets: the stored values that a query selects."""

from sandbox.entry.context import Context
from sandbox.entry.periods import lies_between
from sandbox.messages.parameters import Query, parsed
from sandbox.state.world import StoredValue, ValueKey
from sandbox.values.generations import ValueBehaviour
from sandbox.values.selection import Selection, selection_of

Found = list[tuple[ValueKey, StoredValue]]


def read_data_values(
    context: Context, behaviour: ValueBehaviour, query: Query
) -> tuple[Selection, Found]:
    """The selection of a query and its values, by period, the oldest first."""
    selection = selection_of(context, behaviour, query)
    found = [
        (key, value) for key, value in context.world.values.items() if _fits(selection, key, value)
    ]
    found.sort(key=lambda pair: (pair[0].period, pair[1].created))
    offset = (parsed(query, "offset", int) or 0) if behaviour.shared_at_root else 0
    limit = parsed(query, "limit", int)
    return selection, found[offset : None if limit is None else offset + limit]


def _fits(selection: Selection, key: ValueKey, value: StoredValue) -> bool:
    combos = selection.attribute_combos
    return (
        key.data_element in selection.elements
        and key.org_unit in selection.units
        and (selection.deleted or not value.deleted)
        and (not combos or key.attribute_option_combo in combos)
        and (selection.since is None or value.last_updated >= selection.since)
        and _in_time(selection, key.period)
    )


def _in_time(selection: Selection, text: str) -> bool:
    if selection.periods:
        return any(text == period.id for period in selection.periods)
    return selection.dates is None or lies_between(text, selection.dates)
