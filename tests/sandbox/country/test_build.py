"""The invented country is small, odd in the right places, and the same each time."""

from collections import Counter

from sandbox.country.build import CLOSED_FACILITY, facilities, invent_country
from sandbox.country.metadata import UNASSIGNED_FACILITY
from sandbox.country.paper import (
    PAPER_FACILITIES,
)
from sandbox.state.tree import tree_of
from sandbox.state.world import World
from tests.sandbox.invented import TODAY, register


def test_the_country_has_four_levels_and_some_hundred_and_twenty_sites(country: World) -> None:
    levels = Counter(len(path) for path in tree_of(country).paths.values())

    assert levels == {1: 1, 2: 4, 3: 12, 4: 120}


def test_the_same_seed_and_day_give_the_same_country(country: World) -> None:
    again = invent_country(TODAY)
    other = invent_country(TODAY, seed=2)

    assert register(again).counts == register(country).counts
    assert again.values == country.values
    assert register(other).counts != register(country).counts
    assert other.metadata["programIndicators"] == country.metadata["programIndicators"]


def test_no_two_objects_share_an_id_or_a_name_of_a_site(country: World) -> None:
    ids = [item["id"] for listed in country.metadata.values() for item in listed]
    names = [unit["name"] for unit in country.metadata["organisationUnits"]]

    assert len(ids) == len(set(ids))
    assert len(names) == len(set(names))
    assert any("," in name for name in names)
    assert any("'" in name for name in names)


def test_there_are_some_thousand_cells_and_as_many_lines_of_paper(country: World) -> None:
    cells = sum(len(places) for places in register(country).counts.values())

    assert 6_000 < cells < 16_000
    assert 4_000 < len(country.values) < 9_000


def test_a_site_on_paper_has_no_events(country: World) -> None:
    sites = facilities(country.metadata)
    counted = {place.site for places in register(country).counts.values() for place in places}

    assert counted.isdisjoint(sites[number] for number in PAPER_FACILITIES)
    assert sites[UNASSIGNED_FACILITY] in counted
    assert sites[CLOSED_FACILITY] in counted


def test_events_came_in_after_a_site_was_closed(country: World) -> None:
    closed = facilities(country.metadata)[CLOSED_FACILITY]
    unit = next(unit for unit in country.metadata["organisationUnits"] if unit["id"] == closed)
    months = {
        place.month
        for places in register(country).counts.values()
        for place in places
        if place.site == closed
    }

    assert unit["closedDate"].startswith("2026-06")
    assert max(months) == "202608"
