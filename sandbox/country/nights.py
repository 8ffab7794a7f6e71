"""What happens in the country between one morning and the next."""

from datetime import timedelta
from random import Random

from sandbox.country.build import Clock, facilities, open_sites, recount
from sandbox.country.cells import CLERK, enter, key_of, poisson
from sandbox.country.indicators import counted
from sandbox.state.calendar import month_id, month_number
from sandbox.state.identifiers import uid
from sandbox.state.register import Place, Register
from sandbox.state.tables import build
from sandbox.state.world import Json, World

RECENT_MONTHS = 3
DAYS_OF_A_MONTH = 30
LATE_ENTRY, CORRECTION, VANISHING, VERY_LATE = 0.02, 0.015, 0.005, 0.0005
TYPED_OVER, TYPED_NEW = 3, 2
TARGETS = ("T_CASES", "T_DEATHS", "T_TESTS", "T_VISITS", "T_ENROLLED")
BREAKABLE = "PI_TESTS_F"


def next_night(world: World, *, built: bool = True) -> Json:
    """Let a day pass; how often each thing happened comes back.

    Events of the new day; late entries, corrections and deletions in recent months, a few in old
    ones; a clerk who types over loaded numbers and into empty cells. On every second night one
    indicator cannot be run; the night after it can. The analytics tables are built at the end
    unless `built` is false.
    """
    register, clock = world.answers, world.clock
    if not isinstance(register, Register) or not isinstance(clock, Clock):
        raise TypeError("only the invented country has nights")
    night = int(world.extra.get("nights", 0)) + 1
    world.extra["nights"] = night
    clock.now += timedelta(days=1)
    random = Random(f"night {world.seed} {night} {clock.now.date()}")
    happened = {
        "night": night,
        "date": clock.now.date().isoformat(),
        **events_of_the_day(world, register, random),
        **late_changes(world, register, random),
        **clerk_entries(world, random),
    }
    recount(register)
    world.broken = {uid(BREAKABLE): "42703"} if night % 2 == 0 else {}
    happened["broken_indicators"] = [BREAKABLE] if world.broken else []
    if built:
        build(world)
    return happened | {"tables_built": built}


def events_of_the_day(world: World, register: Register, random: Random) -> Json:
    """Count a day's events at every tracker site."""
    month = month_id(month_number(world.clock().date()))
    new = 0
    for site in open_sites(facilities(world.metadata)):
        for cell in counted():
            number = poisson(cell.rate / DAYS_OF_A_MONTH, random)
            if number:
                add(register, cell.indicator, Place(month, site, cell.options), number)
                new += number
    return {"new_events": new}


def late_changes(world: World, register: Register, random: Random) -> Json:
    """Alter what was counted before: more comes in, is put right, or is deleted."""
    now = month_number(world.clock().date())
    recent = {month_id(number) for number in range(now - RECENT_MONTHS, now + 1)}
    happened = {"late_entries": 0, "corrections": 0, "vanished_cells": 0, "very_late_entries": 0}
    cells = {(cell.indicator, cell.options) for cell in counted()}
    for indicator, places in sorted(register.counts.items()):
        for place, number in sorted(places.items()):
            if (indicator, place.options) not in cells:
                continue
            event, change = change_of(number, random, is_recent=place.month in recent)
            if event:
                happened[event] += 1
                add(register, indicator, place, change)
    return happened


def change_of(number: float, random: Random, *, is_recent: bool) -> tuple[str, float]:
    """What happens to one number, and by how much it changes."""
    draw = random.random()
    if not is_recent:
        return ("very_late_entries", 1) if draw < VERY_LATE else ("", 0)
    if draw < LATE_ENTRY:
        return "late_entries", random.choice([1, 1, 2])
    if draw < LATE_ENTRY + CORRECTION:
        return "corrections", -1 if number > 1 else 1
    if draw < LATE_ENTRY + CORRECTION + VANISHING:
        return "vanished_cells", -number
    return "", 0


def add(register: Register, indicator: str, place: Place, change: float) -> None:
    """Add to a place's number; nothing left means no event at all."""
    number = register.counts.get(indicator, {}).get(place, 0) + change
    if number > 0:
        register.count(indicator, place, number)
    else:
        register.forget(indicator, place)


def clerk_entries(world: World, random: Random) -> Json:
    """Let a clerk type over numbers that somebody loaded, and into cells that are empty."""
    targets = {uid(code) for code in TARGETS}
    loaded = sorted(
        key
        for key, value in world.values.items()
        if key.data_element in targets and value.stored_by != CLERK and not value.deleted
    )
    over = random.sample(loaded, min(TYPED_OVER, len(loaded)))
    for key in over:
        enter(world, key, float(world.values[key].value or 0) + 7, CLERK)
    sites = open_sites(facilities(world.metadata))
    month = month_id(month_number(world.clock().date()) - 1)
    cells = [cell for cell in counted() if cell.element in TARGETS]
    typed = 0
    while typed < TYPED_NEW:
        cell = random.choice(cells)
        key = key_of(cell, cell.element, month, random.choice(sites))
        if key not in world.values:
            enter(world, key, random.randint(1, 9), CLERK)
            typed += 1
    return {"typed_over": len(over), "typed_into_empty": typed}
