"""The cells that the invented country fills: where a count belongs, and how it is typed in."""

from collections.abc import Iterable
from math import exp
from random import Random

from sandbox.country.indicators import Counted
from sandbox.country.objects import DEFAULTS
from sandbox.state.identifiers import uid
from sandbox.state.world import StoredValue, ValueKey, World

CLERK = "clerk"


def poisson(rate: float, random: Random) -> int:
    """A random number of events where `rate` are usual (Knuth's draw from a Poisson law)."""
    limit, product, number = exp(-rate), random.random(), 0
    while product > limit:
        product *= random.random()
        number += 1
    return number


def key_of(cell: Counted, element: str, month: str, site: str) -> ValueKey:
    """The cell of the aggregate form that a counted cell stands for."""
    form = [part for part in cell.parts if not part.startswith("PLACE")]
    attribute = [part for part in cell.parts if part.startswith("PLACE")]
    return ValueKey(uid(element), month, site, combo_of(form), combo_of(attribute))


def combo_of(parts: Iterable[str]) -> str:
    """The option combo of some options."""
    suffix = "_".join(part.partition("_")[2] for part in parts)
    return uid(f"COC_{suffix}") if suffix else DEFAULTS["categoryOptionCombos"]


def enter(world: World, key: ValueKey, number: float, who: str) -> None:
    """Put a number into a cell as somebody typed it."""
    now = world.clock()
    known = world.values.get(key)
    created = known.created if known else now
    world.values[key] = StoredValue(f"{number:.0f}", who, created, now)
