"""Paper mostly agrees with tracker, and errs where it was told to."""

from collections import Counter

from sandbox.country.build import facilities
from sandbox.country.paper import (
    DOUBLING_FACILITY,
    LATE_FACILITIES,
    PAPER_FACILITIES,
    STOPPED_FACILITY,
    UNDER_REPORTING_DISTRICT,
)
from sandbox.state.identifiers import uid
from sandbox.state.world import World
from tests.sandbox.invented import register


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
