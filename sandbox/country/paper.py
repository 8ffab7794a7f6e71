"""The paper reports of the invented country: mostly what tracker says, with paper's errors."""

from datetime import UTC, datetime, timedelta
from random import Random

from sandbox.country.cells import CLERK, enter, key_of, poisson
from sandbox.country.indicators import counted
from sandbox.country.org_units import FACILITIES_PER_DISTRICT
from sandbox.state.identifiers import uid
from sandbox.state.register import Register
from sandbox.state.world import ValueKey, World

PAPER_FACILITIES = frozenset(range(9, 120, 10))
PAPER_OF = {"T_CASES": "P_CASES", "T_DEATHS": "P_DEATHS", "T_VISITS": "P_VISITS"}
TESTS_ON_PAPER = "P_TESTS"
# What goes wrong with paper besides slips of the pen; the numbers of sites and districts.
LATE_FACILITIES = (3, 14, 31, 58, 76, 101)
DOUBLING_FACILITY = 25
STOPPED_FACILITY, STOPPED_MONTHS = 63, 4
UNDER_REPORTING_DISTRICT, MISSED = 8, 0.4


def write_paper(
    world: World, register: Register, sites: list[str], months: list[str], random: Random
) -> None:
    """Write the paper reports of `months`: they mostly agree with tracker, as paper does.

    Sites on paper have reports only there, and typed their cases into the tracker data set too.
    """
    paper_sites = [sites[number] for number in sorted(PAPER_FACILITIES)]
    for cell in counted():
        if cell.element not in PAPER_OF:
            continue
        paper = PAPER_OF[cell.element]
        for place, number in sorted(register.counts.get(cell.indicator, {}).items()):
            if place.month in months and place.options == cell.options:
                written = on_paper(number, random)
                if written is not None:
                    enter(world, key_of(cell, paper, place.month, place.site), written, CLERK)
        for site in paper_sites:
            for month in months:
                number = poisson(cell.rate, random)
                if number:
                    enter(world, key_of(cell, paper, month, site), number, CLERK)
                    if cell.element == "T_CASES":
                        enter(world, key_of(cell, cell.element, month, site), number, CLERK)
    backdate(world)


def on_paper(number: float, random: Random) -> float | None:
    """What a tally sheet says of a number: the same, one off, far off, or nothing."""
    draw = random.random()
    if draw < 0.92:  # noqa: PLR2004  # 92 of 100 cells agree
        return number
    if draw < 0.97:  # noqa: PLR2004  # 5 of 100 are one off
        return number + random.choice([-1, 1]) if number > 1 else number + 1
    return number * 10 if draw < 0.975 else None  # noqa: PLR2004  # a slipped digit; or no line


def backdate(world: World) -> None:
    """Date every stored value to the fifth of the month after its own."""
    for key, value in world.values.items():
        year, month = int(key.period[:4]), int(key.period[4:])
        following = datetime(year, month, 1, 8, tzinfo=UTC) + timedelta(days=35)
        value.created = value.last_updated = min(following, world.clock())


def add_paper_errors(
    world: World, register: Register, sites: list[str], months: list[str], seed: int
) -> None:
    """Make paper late, stopped, doubled and, in one district, incomplete.

    Tests come as one total for both sexes. The random numbers are its own, so that the rest of
    the country stays as it was.
    """
    random = Random(f"paper {seed} {months[-1]}")
    write_tests(world, register, months)
    paper = {uid(code) for code in (*PAPER_OF.values(), TESTS_ON_PAPER)}
    late = {sites[number] for number in LATE_FACILITIES}
    first = UNDER_REPORTING_DISTRICT * FACILITIES_PER_DISTRICT
    district = set(sites[first : first + FACILITIES_PER_DISTRICT])
    last_months = months[-STOPPED_MONTHS:]
    for key in sorted(key for key in world.values if key.data_element in paper):
        has_stopped = key.org_unit == sites[STOPPED_FACILITY] and key.period in last_months
        is_late = key.org_unit in late and key.period == months[-1]
        is_missed = key.org_unit in district and random.random() < MISSED
        if has_stopped or is_late or is_missed:
            del world.values[key]
        elif key.org_unit == sites[DOUBLING_FACILITY]:
            number = float(world.values[key].value or 0)
            world.values[key].value = f"{2 * number:.0f}"


def write_tests(world: World, register: Register, months: list[str]) -> None:
    """Write the tests of each site and month as one number."""
    totals: dict[ValueKey, float] = {}
    for cell in counted():
        if cell.element != "T_TESTS":
            continue
        for place, number in register.counts.get(cell.indicator, {}).items():
            if place.month in months:
                key = key_of(cell._replace(parts=()), TESTS_ON_PAPER, place.month, place.site)
                totals[key] = totals.get(key, 0) + number
    for key, number in sorted(totals.items()):
        enter(world, key, number, CLERK)
    backdate(world)
