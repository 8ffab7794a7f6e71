"""Who says that a form is complete, what shuts a cell, and what opens it again."""

from typing import Any

import pytest

from sandbox.entry import completeness, locks
from sandbox.entry.facts import Visit
from sandbox.http.envelopes import RefusalError
from sandbox.state.world import World
from sandbox.values.options import import_options
from sandbox.values.reports import Report
from tests.sandbox.value_world import ADMIN, CLERK, MONTH, NEIGHBOUR, NOW, row, send, small_world

CELL = {"ds": "dsForm00001", "pe": MONTH, "ou": "ouClinic001"}
LOCKED = {"ds": "dsLocked001", "pe": "202505", "ou": "ouClinic001"}


def entry(**members: object) -> dict[str, Any]:
    cell = {"dataSet": "dsForm00001", "period": MONTH, "organisationUnit": "ouClinic001"}
    return {**cell, **members}


def register(
    world: World, *entries: dict[str, Any], ends_all: bool = False, **query: str
) -> Report:
    options = import_options(query, knows_atomic=False)
    visit = Visit(world, CLERK, NOW)
    return completeness.register(visit, list(entries), options, bad_period_ends_all=ends_all)


def told(world: World, **query: str) -> list[dict[str, Any]]:
    lists = {name: [text] for name, text in query.items()} | {"dataSet": ["dsForm00001"]}
    lists |= {"orgUnit": ["ouCountry01"], "children": ["true"]}
    answer = completeness.registered(Visit(world, CLERK, NOW), lists)
    listed: list[dict[str, Any]] = answer.get("completeDataSetRegistrations", [])
    return listed


def test_a_registration_keeps_its_date_and_author() -> None:
    world = small_world()

    register(world, entry(date="2026-11-05", storedBy="etl"))

    assert told(world, period=MONTH) == [
        {
            "period": MONTH,
            "dataSet": "dsForm00001",
            "organisationUnit": "ouClinic001",
            "attributeOptionCombo": "cocDefault1",
            "date": "2026-11-05",
            "storedBy": "etl",
            "completed": True,
        }
    ]


def test_nothing_registered_is_an_empty_object() -> None:
    visit = Visit(small_world(), CLERK, NOW)

    assert completeness.registered(visit, {"dataSet": ["dsForm00001"], "period": [MONTH]}) == {}


REGISTRATIONS = [
    (["there"], "CREATE_AND_UPDATE", "SUCCESS 0,1,0,0"),
    (["there"], "CREATE", "ERROR 0,0,1,0"),
    (["other"], "CREATE_AND_UPDATE", "SUCCESS 1,0,0,0"),
    (["other"], "UPDATE", "ERROR 0,0,1,0"),
    (["there"], "DELETE", "SUCCESS 0,0,0,1"),
    (["other"], "DELETE", "ERROR 0,0,1,0"),
    (["other", "nowhere"], "CREATE_AND_UPDATE", "SUCCESS 1,0,1,0"),
    (["nowhere"], "CREATE_AND_UPDATE", "ERROR 0,0,1,0"),
    ([], "CREATE_AND_UPDATE", "ERROR 0,0,0,0"),
]
SITES = {"there": "ouClinic001", "other": "ouClinic002", "nowhere": "ouNowhere01"}


@pytest.mark.parametrize(("sites", "strategy", "said"), REGISTRATIONS)
def test_registrations_obey_their_strategy(sites: list[str], strategy: str, said: str) -> None:
    world = small_world()
    register(world, entry())

    entries = [entry(organisationUnit=SITES[site]) for site in sites]
    report = register(world, *entries, importStrategy=strategy)

    counts = ",".join(str(count) for count in vars(report.counts).values())
    assert f"{report.status} {counts}" == said


def test_a_bad_period_is_one_conflict_or_the_end_of_the_list() -> None:
    entries = [entry(), entry(period="2025XX")]
    old, new = small_world(), small_world()

    assert register(old, *entries).status == "SUCCESS"
    assert register(new, *entries, ends_all=True).status == "ERROR"
    assert (len(old.registrations), len(new.registrations)) == (1, 0)


def test_nobody_completes_outside_his_tree() -> None:
    world = small_world()
    options = import_options({}, knows_atomic=False)
    visit = Visit(world, NEIGHBOUR, NOW)

    report = completeness.register(visit, [entry()], options, bad_period_ends_all=False)

    assert report.conflicts == [
        {
            "object": "ouClinic001",
            "value": "Organisation unit is not in hierarchy of user: neighbour",
        }
    ]


def test_registrations_are_found_by_period_by_dates_or_by_age() -> None:
    world = small_world()
    register(world, entry(date="2026-11-05"), entry(organisationUnit="ouClinic002"))

    assert len(told(world, period=MONTH)) == 2
    assert len(told(world, startDate="2026-10-01", endDate="2026-10-31")) == 2
    assert len(told(world, createdDuration="1d")) == 1
    assert told(world, period="202609") == []


def test_taking_a_registration_back_asks_for_the_lock_and_not_for_the_registration() -> None:
    world = small_world()
    visit = Visit(world, CLERK, NOW)
    register(world, entry())

    completeness.take_back(visit, CELL)
    completeness.take_back(visit, CELL)

    assert world.registrations == {}
    with pytest.raises(RefusalError, match="Locked Data set"):
        completeness.take_back(visit, LOCKED)


def test_a_form_tells_whether_it_is_open_locked_or_approved() -> None:
    world = small_world()
    visit = Visit(world, CLERK, NOW)
    assert locks.form(visit, CELL)["lockStatus"] == "OPEN"
    assert locks.form(visit, LOCKED)["lockStatus"] == "LOCKED"

    locks.except_from_lock(visit, LOCKED)
    locks.approve(visit, CELL)

    assert locks.form(visit, LOCKED)["lockStatus"] == "OPEN"
    assert locks.form(visit, CELL)["lockStatus"] == "APPROVED"
    assert locks.approval_state(visit, CELL)["state"] == "APPROVED_HERE"

    locks.lock_again(visit, LOCKED)

    assert locks.form(visit, LOCKED)["lockStatus"] == "LOCKED"


def test_a_form_tells_its_values_and_whether_it_is_complete() -> None:
    world = small_world()
    visit = Visit(world, ADMIN, NOW)
    send(world, "2.43", [row(value="4")])
    register(world, entry())

    shown = locks.form(visit, CELL)

    assert [value["value"] for value in shown["dataValues"]] == ["4"]
    assert shown["completeStatus"]["complete"] is True
    assert locks.form(visit, CELL | {"ou": "ouClinic002"})["completeStatus"] == {"complete": False}


@pytest.mark.parametrize("wrong", [{"ds": "x"}, {"pe": "x"}, {"ou": "x"}])
def test_a_cell_that_is_not_there_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(RefusalError) as refusal:
        locks.approve(Visit(small_world(), CLERK, NOW), CELL | wrong)

    assert refusal.value.status == 409
