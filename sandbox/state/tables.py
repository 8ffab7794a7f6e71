"""The analytics tables: what a run of them takes from tracker and from the stored values."""

from sandbox.state.register import Place, Register
from sandbox.state.tree import tree_of
from sandbox.state.world import World

ANALYTICS_TABLE = "ANALYTICS_TABLE"
RUNTIME = "00:00:10.957"


def build(world: World) -> None:
    """Build the analytics tables: what tracker and the stored values say now is what they hold.

    Without any stored number there is no table of elements; zeros do not enter it.
    """
    world.built = world.answers.snapshot()
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
    world.built_elements = elements if stored else None
    world.last_analytics_success = world.clock()
    world.analytics_runtime = RUNTIME


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
