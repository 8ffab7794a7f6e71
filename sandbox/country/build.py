"""A small invented country: its sites, eighteen months of registers, its paper reports."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from random import Random

from sandbox.country.cells import CLERK, poisson
from sandbox.country.indicators import (
    ALL_CASES,
    MEAN_WEIGHT,
    UNMAPPED,
    counted,
    indicator_metadata,
)
from sandbox.country.metadata import country_metadata
from sandbox.country.paper import PAPER_FACILITIES, add_paper_errors, write_paper
from sandbox.state.calendar import month_id, month_number
from sandbox.state.identifiers import uid
from sandbox.state.register import Place, Register
from sandbox.state.tables import build
from sandbox.state.tree import Tree
from sandbox.state.world import Json, Token, User, World

CLOSED_FACILITY = 17
MONTHS = 18
CLOSED_SINCE, ENTERED_AFTERWARDS = 5, 2
PAPER_MONTHS = 12
PASSWORD = "district"  # noqa: S105 - everybody's in an invented country, and no secret
LOADER = "tally"
PEOPLE = {
    "admin": {"ALL"},
    LOADER: {"F_DATAVALUE_ADD", "F_VIEW_EVENT_ANALYTICS"},
    CLERK: {"F_DATAVALUE_ADD"},
    "powerless": set(),
}


@dataclass
class Clock:
    """The country's clock: it stands still until a night passes."""

    now: datetime

    def __call__(self) -> datetime:
        """The time on this clock."""
        return self.now


def invent_country(today: date, seed: int = 1, months: int = MONTHS) -> World:
    """The country as it is on the morning of `today`, with its analytics tables built.

    The same seed and day give the same country; ids and codes are the same in all of them.
    """
    metadata = country_metadata() | indicator_metadata()
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
    reported = every_month[-PAPER_MONTHS - 1 : -1]
    write_paper(world, register, facilities(metadata), reported, random)
    add_paper_errors(world, register, facilities(metadata), reported, seed)
    build(world)
    return world


def people(tree: Tree) -> dict[str, User]:
    """The users; all see the whole country, and every password is `district`."""
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
    """The ids of the sites in the order they were numbered."""
    parents = {unit.get("parent", {}).get("id") for unit in metadata["organisationUnits"]}
    return [unit["id"] for unit in metadata["organisationUnits"] if unit["id"] not in parents]


def close_a_site(metadata: dict[str, list[Json]], month: str) -> None:
    """Close one site at the end of a month; events still came in afterwards."""
    closed = facilities(metadata)[CLOSED_FACILITY]
    unit = next(unit for unit in metadata["organisationUnits"] if unit["id"] == closed)
    unit["closedDate"] = f"{month[:4]}-{month[4:]}-28T00:00:00.000"


def tracker_sites(sites: list[str]) -> list[str]:
    """The sites that are not on paper any more."""
    return [site for number, site in enumerate(sites) if number not in PAPER_FACILITIES]


def open_sites(sites: list[str]) -> list[str]:
    """The tracker sites that still work."""
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
                number = poisson(cell.rate * busy * share, random)
                if number:
                    register.count(cell.indicator, Place(month, site, cell.options), number)
    recount(register)
    count_weights(register, random)


def count_weights(register: Register, random: Random) -> None:
    """Weigh every child that was newly enrolled."""
    weights = register.weighed.setdefault(uid(MEAN_WEIGHT), {})
    for place, number in sorted(register.counts[uid("PI_ENROLLED")].items()):
        tenths = [random.randint(28, 145) for _ in range(int(number))]
        weights[place] = sum(tenths) / 10, len(tenths)


def recount(register: Register) -> None:
    """Let the indicator of all cases hold the cases of every cell and those that fit none."""
    totals: dict[Place, float] = {}
    for code in (uid("PI_CASES"), UNMAPPED):
        for place, number in register.counts.get(code, {}).items():
            whole = place._replace(options=())
            totals[whole] = totals.get(whole, 0) + number
    register.counts[uid(ALL_CASES)] = totals
