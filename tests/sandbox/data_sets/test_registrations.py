"""Complete data set registrations are stored, found and deleted."""

from typing import Any

import pytest

from sandbox.data_sets import registrations
from sandbox.entry.context import Context
from sandbox.entry.import_options import import_options
from sandbox.entry.import_summary import Report
from sandbox.messages.envelopes import RefusalError
from sandbox.state.world import World
from tests.sandbox.value_world import CLERK, MONTH, NEIGHBOUR, NOW, small_world

CELL = {"ds": "dsForm00001", "pe": MONTH, "ou": "ouClinic001"}


LOCKED = {"ds": "dsLocked001", "pe": "202505", "ou": "ouClinic001"}


def entry(**members: object) -> dict[str, Any]:
    cell = {"dataSet": "dsForm00001", "period": MONTH, "organisationUnit": "ouClinic001"}
    return {**cell, **members}


def register(
    world: World, *entries: dict[str, Any], ends_all: bool = False, **query: str
) -> Report:
    options = import_options(query, knows_atomic=False)
    context = Context(world, CLERK, NOW)
    return registrations.register(context, list(entries), options, bad_period_ends_all=ends_all)


def found(world: World, **query: str) -> list[dict[str, Any]]:
    lists = {name: [text] for name, text in query.items()} | {"dataSet": ["dsForm00001"]}
    lists |= {"orgUnit": ["ouCountry01"], "children": ["true"]}
    answer = registrations.registered(Context(world, CLERK, NOW), lists)
    listed: list[dict[str, Any]] = answer.get("completeDataSetRegistrations", [])
    return listed


def test_a_registration_keeps_its_date_and_author() -> None:
    world = small_world()

    register(world, entry(date="2026-11-05", storedBy="etl"))

    assert found(world, period=MONTH) == [
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
    context = Context(small_world(), CLERK, NOW)

    assert registrations.registered(context, {"dataSet": ["dsForm00001"], "period": [MONTH]}) == {}


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
    context = Context(world, NEIGHBOUR, NOW)

    report = registrations.register(context, [entry()], options, bad_period_ends_all=False)

    assert report.conflicts == [
        {
            "object": "ouClinic001",
            "value": "Organisation unit is not in hierarchy of user: neighbour",
        }
    ]


def test_registrations_are_found_by_period_by_dates_or_by_age() -> None:
    world = small_world()
    register(world, entry(date="2026-11-05"), entry(organisationUnit="ouClinic002"))

    assert len(found(world, period=MONTH)) == 2
    assert len(found(world, startDate="2026-10-01", endDate="2026-10-31")) == 2
    assert len(found(world, createdDuration="1d")) == 1
    assert found(world, period="202609") == []


def test_taking_a_registration_back_asks_for_the_lock_and_not_for_the_registration() -> None:
    world = small_world()
    context = Context(world, CLERK, NOW)
    register(world, entry())

    registrations.unregister(context, CELL)
    registrations.unregister(context, CELL)

    assert world.registrations == {}
    with pytest.raises(RefusalError, match="Locked Data set"):
        registrations.unregister(context, LOCKED)
