"""A publication has names beside its ids, and says what each thing in it is."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipeline.publish.publication import insist_on_rows, with_ancestors
from pipeline.store.database import open_database
from pipeline.text.errors import TallyError
from tests.support.small_publication import METADATA, World, answer
from tests.support.small_world import EVERY_KEY, FIRST, SECOND


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_values_have_names_dates_and_the_org_units_above_them(world: World) -> None:
    world.publish()

    query = (
        "select data_element_name, period_start, period_end, org_unit_name,"
        " level_1, level_2, level_3, attribute_option_combo_name, value"
        " from data_values order by value"
    )
    january = (date(2024, 1, 1), date(2024, 1, 31))
    assert answer(world.latest, query) == [
        ("Malaria, confirmed", *january, None, None, None, None, None, 3.0),
        ("Malaria, confirmed", *january, "Clinic A", "Laos", "Sing", "Clinic A", None, 10.0),
    ]


def test_changes_ledger_plan_and_runs_are_told_in_words(world: World) -> None:
    world.publish()
    file = world.latest

    changes = "select org_unit, change, old_value, new_value from data_value_changes"
    only = " where run_id = ? order by all"
    assert answer(file, changes + only, SECOND) == [
        ("ouClinicAA1", "changed", 1.0, 10.0),
        ("ouClinicBB2", "vanished", 2.0, None),
        ("ouClinicCC3", "appeared", None, 3.0),
    ]
    ledger = "select org_unit, value, loaded_by_run from ledger order by all"
    assert answer(file, ledger) == [("ouClinicAA1", 10.0, SECOND), ("ouClinicCC3", 3.0, SECOND)]
    plan = "select data_set_name, org_unit, tracker_value, current_value, action from plan"
    assert answer(file, f"{plan} order by all") == [
        ("Malaria", "ouClinicAA1", 10.0, "1", "update"),
        ("Malaria", "ouClinicBB2", None, "2", "retract"),
    ]
    assert answer(file, "select run_id, stage from runs order by all") == [
        (FIRST, "transformed"),
        (SECOND, "planned"),
    ]
    assert answer(file, "select count(*) from rejects") == [(0,)]


def test_what_the_plan_keeps_is_counted_and_not_listed(world: World) -> None:
    world.publish()
    file = world.latest

    counted = "select action, cells from run_actions where run_id = ? order by all"
    assert answer(file, counted, SECOND) == [("keep", 1), ("retract", 1), ("update", 1)]
    listed = "select action, count(*) from plan group by all order by all"
    assert answer(file, listed) == [("retract", 1), ("update", 1)]


def test_any_moment_can_be_asked_for_with_names(world: World) -> None:
    world.publish()
    file = world.latest

    then = "select org_unit, value from state_at(?) order by all"
    assert answer(file, then, FIRST) == [("ouClinicAA1", 1.0), ("ouClinicBB2", 2.0)]
    between = "select org_unit, old_value, new_value from changes(?, ?)"
    assert answer(file, f"{between} order by all", "", SECOND) == [
        ("ouClinicAA1", None, 10.0),
        ("ouClinicCC3", None, 3.0),
    ]
    history = "select run_id, new_value from cell_history(?, ?, ?, ?, ?)"
    assert answer(file, history, *EVERY_KEY.row(1)) == [(FIRST, 2.0), (SECOND, None)]


def test_every_table_view_macro_and_column_says_what_it_is(world: World) -> None:
    world.publish()

    silent = """
        select table_name || '.' || column_name
        from duckdb_columns() where not internal and coalesce(comment, '') = ''
        union all
        select view_name from duckdb_views() where not internal and coalesce(comment, '') = ''
        union all
        select table_name from duckdb_tables() where coalesce(comment, '') = ''
        union all
        select function_name from duckdb_functions()
        where not internal and coalesce(comment, '') = ''
    """
    assert answer(world.latest, silent) == []


def test_a_store_from_before_comparisons_is_published_without_any(world: World) -> None:
    with open_database(world.store.path) as older:
        for name in ("comparisons", "compared_values", "compared_changes"):
            older.execute(f"drop table packed.{name}")

    published = world.publish()

    assert published.rows["packed.comparisons"] == 0
    assert published.rows["packed.snapshot_values"] > 0


def test_a_publication_is_written_for_old_clients(world: World) -> None:
    query = "select tags from duckdb_databases() where database_name like 'tally%'"

    assert answer(world.publish().file, query) == [({"storage_version": "v1.2.0+"},)]


def test_levels_are_named_as_deep_as_the_country_is() -> None:
    levels = with_ancestors(METADATA["org_units"]).select("id", "level_1", "level_2", "level_3")

    assert levels.rows() == [
        ("country0001", "Laos", None, None),
        ("district001", "Laos", "Sing", None),
        ("ouClinicAA1", "Laos", "Sing", "Clinic A"),
    ]


def test_a_publication_with_a_row_too_few_or_a_name_twice_is_not_sound(world: World) -> None:
    with open_database(world.publish().file, read_only=True) as database:
        insist_on_rows(database, {"packed.runs": 2})
        with pytest.raises(TallyError, match=r"2 rows in packed\.runs, it should have 3"):
            insist_on_rows(database, {"packed.runs": 3})


def test_nothing_is_published_where_an_id_has_two_names(world: World) -> None:
    world.metadata = METADATA | {"data_sets": pl.concat([METADATA["data_sets"]] * 2)}

    with pytest.raises(TallyError, match=r"1 row of metadata\.data_sets with the id of another"):
        world.publish()

    assert not world.latest.exists()
