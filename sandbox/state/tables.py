"""The analytics tables: what a run of them takes from tracker and from the stored values."""

from collections.abc import Collection

from sandbox.state.register import Place, Register
from sandbox.state.tree import tree_of
from sandbox.state.world import TableRun, World

ANALYTICS_TABLE = "ANALYTICS_TABLE"
EVENTS, VALUES = "EVENT", "DATA_VALUE"
RUNTIME = "00:00:10.957"


def build(world: World, skipped: Collection[str] = ()) -> None:
    """Build the analytics tables: what tracker and the stored values say now is what they hold.

    Without any stored number there is no table of elements; zeros do not enter it. `skipped` are
    the types of tables that stay as they are; the time of the last good run moves all the same.
    """
    world.table_runs.append(TableRun(world.clock(), tuple(skipped)))
    if EVENTS not in skipped:
        world.built = world.answers.snapshot()
    if VALUES not in skipped:
        world.built_elements = _elements(world)
    world.last_analytics_success = world.clock()
    world.analytics_runtime = RUNTIME


def _elements(world: World) -> Register | None:
    """The stored numbers as their table holds them; None where there are none."""
    elements = Register(tree_of(world).paths)
    stored = False
    for key, value in world.values.items():
        if value.deleted or value.value is None:
            continue
        stored = True
        number = _number(value.value)
        if number:
            place = Place(key.period, key.org_unit, (key.category_option_combo,))
            so_far = elements.counts.get(key.data_element, {}).get(place, 0)
            elements.count(key.data_element, place, so_far + number)
    return elements if stored else None


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
