"""A night changes what tracker and paper say, the same each time."""

from sandbox.country.build import invent_country
from sandbox.country.nights import next_night
from sandbox.state.identifiers import uid
from sandbox.state.tables import build
from sandbox.state.tree import tree_of
from sandbox.state.world import World
from tests.sandbox.invented import TODAY, register


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
