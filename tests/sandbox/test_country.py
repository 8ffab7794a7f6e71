"""The invented country is small, odd in the right places, and the same each time."""

from collections import Counter
from datetime import date

import pytest

from sandbox.country.build import CLOSED_FACILITY, facilities, invent_country
from sandbox.country.metadata import UNASSIGNED_FACILITY
from sandbox.country.nights import next_night
from sandbox.country.paper import (
    DOUBLING_FACILITY,
    LATE_FACILITIES,
    PAPER_FACILITIES,
    STOPPED_FACILITY,
    UNDER_REPORTING_DISTRICT,
)
from sandbox.state.identifiers import uid
from sandbox.state.register import Register
from sandbox.state.tables import build
from sandbox.state.tree import tree_of
from sandbox.state.world import World

TODAY = date(2026, 11, 20)


@pytest.fixture
def country() -> World:
    return invent_country(TODAY)


def register(world: World) -> Register:
    assert isinstance(world.answers, Register)
    return world.answers


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


def test_paper_mostly_agrees_with_tracker(country: World) -> None:
    tracker = {
        (place.month, place.site, place.options): number
        for place, number in register(country).counts[uid("PI_CASES")].items()
    }
    options_of = {
        combo["id"]: tuple(sorted(option["id"] for option in combo["categoryOptions"]))
        for combo in country.metadata["categoryOptionCombos"]
    }
    agreeing = [
        tracker[cell] == float(value.value or 0)
        for key, value in country.values.items()
        if key.data_element == uid("P_CASES")
        and (cell := (key.period, key.org_unit, options_of[key.category_option_combo])) in tracker
    ]

    assert 0.85 < sum(agreeing) / len(agreeing) < 0.99


def paper_of(world: World, *numbers: int) -> dict[str, float]:
    """What some sites wrote on paper about fever cases, by month."""
    sites = {facilities(world.metadata)[number] for number in numbers}
    months = Counter[str]()
    for key, value in world.values.items():
        if key.data_element == uid("P_CASES") and key.org_unit in sites:
            months[key.period] += float(value.value or 0)
    return dict(months)


def cases_of(world: World, *numbers: int) -> dict[str, float]:
    """What tracker counted at some sites, by month."""
    sites = {facilities(world.metadata)[number] for number in numbers}
    months = Counter[str]()
    for place, number in register(world).counts[uid("PI_CASES")].items():
        if place.site in sites:
            months[place.month] += number
    return dict(months)


def test_paper_is_late_at_some_sites_and_one_grew_weary_of_it(country: World) -> None:
    assert all("202610" not in paper_of(country, number) for number in LATE_FACILITIES)
    assert max(paper_of(country, STOPPED_FACILITY)) == "202606"


def test_one_site_doubles_and_one_district_leaves_out_much(country: World) -> None:
    first = 10 * UNDER_REPORTING_DISTRICT
    district = [number for number in range(first, first + 10) if number not in PAPER_FACILITIES]
    tracker, paper = cases_of(country, *district), paper_of(country, *district)
    doubled, once = paper_of(country, DOUBLING_FACILITY), cases_of(country, DOUBLING_FACILITY)

    assert sum(paper.values()) < 0.75 * sum(tracker[month] for month in paper)
    assert sum(doubled.values()) > 1.7 * sum(once.get(month, 0) for month in doubled)


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


def test_a_night_is_the_same_each_time(country: World) -> None:
    first = [next_night(country), next_night(country)]
    again = invent_country(TODAY)
    second = [next_night(again), next_night(again)]

    assert first == second
    assert register(country).counts == register(again).counts


def test_a_night_brings_late_entries_corrections_and_vanished_cells(country: World) -> None:
    before = dict(register(country).counts[uid("PI_CASES")])

    happened = next_night(country)

    after = register(country).counts[uid("PI_CASES")]
    assert happened["date"] == "2026-11-21"
    assert min(happened[name] for name in ("new_events", "late_entries", "corrections")) > 0
    assert happened["vanished_cells"] > 0
    assert before.keys() - after.keys()
    assert after.keys() - before.keys()


def test_tracker_runs_ahead_of_the_tables_until_they_are_built(country: World) -> None:
    assert country.built is not None
    before = country.built.rows(uid("PI_CASES"), ["202611"], tree_of(country).roots())

    next_night(country, built=False)

    ahead = country.answers.rows(uid("PI_CASES"), ["202611"], tree_of(country).roots())
    assert country.built.rows(uid("PI_CASES"), ["202611"], tree_of(country).roots()) == before
    assert ahead != before
    build(country)
    assert country.built.rows(uid("PI_CASES"), ["202611"], tree_of(country).roots()) == ahead


def test_an_indicator_cannot_be_run_on_every_second_night(country: World) -> None:
    nights = [next_night(country)["broken_indicators"] for _ in range(4)]

    assert nights == [[], ["PI_TESTS_F"], [], ["PI_TESTS_F"]]


def test_a_clerk_types_over_what_somebody_loaded(country: World) -> None:
    mine = [key for key in country.values if key.data_element == uid("T_CASES")][:5]
    for key in mine:
        country.values[key].stored_by = "tally"
        country.values[key].value = "3"

    happened = next_night(country)

    typed = [key for key in mine if country.values[key].value == "10"]
    assert happened["typed_over"] == len(typed) == 3
    assert {country.values[key].stored_by for key in typed} == {"clerk"}


def test_all_cases_are_the_cells_and_the_cases_that_fit_none(country: World) -> None:
    next_night(country)
    counts = register(country).counts

    cells = sum(counts[uid("PI_CASES")].values())

    assert cells < sum(counts[uid("PI_CASES_ALL")].values()) < cells * 1.1
