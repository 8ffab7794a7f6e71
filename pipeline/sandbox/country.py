"""A small invented country: its sites, eighteen months of registers, its paper reports."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import exp
from random import Random

from pipeline.sandbox.calendar import month_id, month_number
from pipeline.sandbox.country_indicators import (
    ALL_CASES,
    MEAN_WEIGHT,
    UNMAPPED,
    Counted,
    counted,
    indicators,
)
from pipeline.sandbox.country_metadata import (
    DEFAULTS,
    country_metadata,
)
from pipeline.sandbox.identifiers import uid
from pipeline.sandbox.jobs import build
from pipeline.sandbox.register import Place, Register
from pipeline.sandbox.tree import Tree
from pipeline.sandbox.world import Json, StoredValue, Token, User, ValueKey, World

CLOSED_FACILITY, PAPER_FACILITIES = 17, frozenset(range(9, 120, 10))
MONTHS = 18
CLOSED_SINCE, ENTERED_AFTERWARDS = 5, 2
PAPER_MONTHS = 12
PASSWORD = "district"  # noqa: S105 - everybody's in an invented country, and no secret
CLERK, LOADER = "clerk", "tally"
PEOPLE = {
    "admin": {"ALL"},
    LOADER: {"F_DATAVALUE_ADD", "F_VIEW_EVENT_ANALYTICS"},
    CLERK: {"F_DATAVALUE_ADD"},
    "powerless": set(),
}
PAPER_OF = {"T_CASES": "P_CASES", "T_DEATHS": "P_DEATHS", "T_VISITS": "P_VISITS"}


@dataclass
class Clock:
    """The country's clock: it stands still until a night passes."""

    now: datetime

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.now


def invent_country(today: date, seed: int = 1, months: int = MONTHS) -> World:
    """Give the country as it is on the morning of `today`, with its analytics tables built.

    The same seed and day give the same country; ids and codes are the same in all of them.
    """
    metadata = country_metadata()
    objects = indicators()
    metadata["programIndicators"] = objects
    metadata["programIndicatorGroups"] = [
        {
            "id": uid("PIG_TALLY"),
            "code": "PIG_TALLY",
            "name": "Tracker to aggregate",
            "programIndicators": [
                {"id": item["id"]} for item in objects if item["code"] != ALL_CASES
            ],
        }
    ]
    tree = Tree(metadata["organisationUnits"])
    clock = Clock(datetime.combine(today, time(6), tzinfo=UTC))
    register = Register(tree.paths)
    world = World(
        metadata=metadata,
        answers=register,
        users=people(tree),
        clock=clock,
        seed=seed,
        system_id="6f1de2aa-0c2e-4d57-9f0e-3b1f6a2c77d1",
    )
    random = Random(f"country {seed} {today}")
    now = month_number(today)
    every_month = [month_id(number) for number in range(now - months + 1, now + 1)]
    close_a_site(metadata, month_id(now - CLOSED_SINCE))
    fill_register(register, facilities(metadata), every_month, today, random)
    write_paper(world, register, every_month[-PAPER_MONTHS - 1 : -1], random)
    build(world)
    return world


def people(tree: Tree) -> dict[str, User]:
    """Give the users; all see the whole country, and every password is `district`."""
    roots = tuple(tree.roots())
    return {
        name: User(
            username=name,
            id=uid(f"user {name}"),
            password=PASSWORD,
            tokens=(Token(f"d2p_{name}_".ljust(54, "0")),),
            authorities=frozenset(authorities),
            org_units=roots,
            data_view_org_units=roots,
        )
        for name, authorities in PEOPLE.items()
    }


def facilities(metadata: dict[str, list[Json]]) -> list[str]:
    """Give the ids of the sites in the order they were numbered."""
    parents = {unit.get("parent", {}).get("id") for unit in metadata["organisationUnits"]}
    return [unit["id"] for unit in metadata["organisationUnits"] if unit["id"] not in parents]


def close_a_site(metadata: dict[str, list[Json]], month: str) -> None:
    """Close one site at the end of a month; events still came in afterwards."""
    closed = facilities(metadata)[CLOSED_FACILITY]
    unit = next(unit for unit in metadata["organisationUnits"] if unit["id"] == closed)
    unit["closedDate"] = f"{month[:4]}-{month[4:]}-28T00:00:00.000"


def tracker_sites(sites: list[str]) -> list[str]:
    """Give the sites that are not on paper any more."""
    return [site for number, site in enumerate(sites) if number not in PAPER_FACILITIES]


def open_sites(sites: list[str]) -> list[str]:
    """Give the tracker sites that still work."""
    return [site for site in tracker_sites(sites) if site != sites[CLOSED_FACILITY]]


def fill_register(
    register: Register, sites: list[str], months: list[str], today: date, random: Random
) -> None:
    """Count events at every tracker site since it began; the running month is not over."""
    cells = counted()
    for site in tracker_sites(sites):
        busy = random.uniform(0.3, 1.8)
        begins = random.choice([0, 0, 0, 3, 6, 9])
        ends = len(months)
        if site == sites[CLOSED_FACILITY]:
            begins, ends = 0, ends - CLOSED_SINCE + ENTERED_AFTERWARDS
        for month in months[begins:ends]:
            share = today.day / 31 if month == months[-1] else 1.0
            for cell in cells:
                number = happen(cell.rate * busy * share, random)
                if number:
                    register.count(cell.indicator, Place(month, site, cell.options), number)
    recount(register)
    weigh(register, random)


def weigh(register: Register, random: Random) -> None:
    """Weigh every child that was newly enrolled."""
    weights = register.weighed.setdefault(uid(MEAN_WEIGHT), {})
    for place, number in sorted(register.counts[uid("PI_ENROLLED")].items()):
        tenths = [random.randint(28, 145) for _ in range(int(number))]
        weights[place] = sum(tenths) / 10, len(tenths)


def happen(rate: float, random: Random) -> int:
    """Give how many events happened where `rate` are usual."""
    limit, product, number = exp(-rate), random.random(), 0
    while product > limit:
        product *= random.random()
        number += 1
    return number


def recount(register: Register) -> None:
    """Let the indicator of all cases hold the cases of every cell and those that fit none."""
    totals: dict[Place, float] = {}
    for code in (uid("PI_CASES"), UNMAPPED):
        for place, number in register.counts.get(code, {}).items():
            whole = place._replace(options=())
            totals[whole] = totals.get(whole, 0) + number
    register.counts[uid(ALL_CASES)] = totals


def key_of(cell: Counted, element: str, month: str, site: str) -> ValueKey:
    """Give the cell of the aggregate form that a counted cell stands for."""
    form = [part for part in cell.parts if not part.startswith("PLACE")]
    attribute = [part for part in cell.parts if part.startswith("PLACE")]
    return ValueKey(uid(element), month, site, combo_of(form), combo_of(attribute))


def combo_of(parts: Iterable[str]) -> str:
    """Give the option combo of some options."""
    suffix = "_".join(part.partition("_")[2] for part in parts)
    return uid(f"COC_{suffix}") if suffix else DEFAULTS["categoryOptionCombos"]


def store(world: World, key: ValueKey, number: float, who: str) -> None:
    """Put a number into a cell as somebody typed it."""
    now = world.clock()
    known = world.values.get(key)
    created = known.created if known else now
    world.values[key] = StoredValue(f"{number:.0f}", who, created, now)


def write_paper(world: World, register: Register, months: list[str], random: Random) -> None:
    """Write the paper reports of `months`: they mostly agree with tracker, as paper does.

    Sites on paper have reports only there, and typed their cases into the tracker data set too.
    """
    sites = facilities(world.metadata)
    paper_sites = [sites[number] for number in sorted(PAPER_FACILITIES)]
    for cell in counted():
        if cell.element not in PAPER_OF:
            continue
        paper = PAPER_OF[cell.element]
        for place, number in sorted(register.counts.get(cell.indicator, {}).items()):
            if place.month in months and place.options == cell.options:
                written = on_paper(number, random)
                if written is not None:
                    store(world, key_of(cell, paper, place.month, place.site), written, CLERK)
        for site in paper_sites:
            for month in months:
                number = happen(cell.rate, random)
                if number:
                    store(world, key_of(cell, paper, month, site), number, CLERK)
                    if cell.element == "T_CASES":
                        store(world, key_of(cell, cell.element, month, site), number, CLERK)
    backdate(world)


def on_paper(number: float, random: Random) -> float | None:
    """Give what a tally sheet says of a number: the same, one off, far off, or nothing."""
    luck = random.random()
    if luck < 0.92:  # noqa: PLR2004 - 92 of 100 cells agree
        return number
    if luck < 0.97:  # noqa: PLR2004 - 5 of 100 are one off
        return number + random.choice([-1, 1]) if number > 1 else number + 1
    return number * 10 if luck < 0.975 else None  # noqa: PLR2004 - a slipped digit; or no line


def backdate(world: World) -> None:
    """Date every stored value to the fifth of the month after its own."""
    for key, value in world.values.items():
        year, month = int(key.period[:4]), int(key.period[4:])
        following = datetime(year, month, 1, 8, tzinfo=UTC) + timedelta(days=35)
        value.created = value.last_updated = min(following, world.clock())
