"""Options of an attribute option combo shut periods and org units, as the servers did."""

from typing import Any

import pytest

from sandbox.state.world import World
from tests.sandbox.value_world import ADMIN, NEW, OLD, data_set, outcome, row, send, small_world

SPRING, CLINIC = "cocSpring01", "cocClinic01"


def world_with_options(**members: object) -> World:
    """The small world with a form that is split up as a whole: by season and by clinic."""
    world = small_world()
    world.metadata["categoryOptions"] = [
        {"id": "coSpring001", "startDate": "2026-03-10", "endDate": "2026-08-15"},
        {"id": "coClinic001", "organisationUnits": [{"id": "ouClinic001"}]},
    ]
    for combo, option in ((SPRING, "coSpring001"), (CLINIC, "coClinic001")):
        world.metadata["categoryOptionCombos"].append(
            {
                "id": combo,
                "name": combo,
                "categoryCombo": {"id": "ccProject01"},
                "categoryOptions": [{"id": option}],
            }
        )
    form = data_set("dsForm00001", ["deInteger01"], categoryCombo={"id": "ccProject01"}, **members)
    world.metadata["dataSets"] = [form]
    return world


def projects(period: str, combo: str = SPRING, unit: str = "ouClinic001") -> dict[str, Any]:
    sent: dict[str, Any] = row(period=period, attributeOptionCombo=combo, orgUnit=unit)
    return sent


DATES = [
    ("202602", 0, "E7638[0]", "E8032[0]"),
    ("202603", 0, "SUCCESS", "E8032[0]"),
    ("202604", 0, "SUCCESS", "SUCCESS"),
    ("202608", 0, "SUCCESS", "E8032[0]"),
    ("202609", 0, "E7638[0]", "E8032[0]"),
    ("202609", 1, "SUCCESS", "SUCCESS"),
    ("202610", 1, "E7638[0]", "E8032[0]"),
]


@pytest.mark.parametrize(("period", "more", "old", "new"), DATES)
def test_one_valid_day_is_enough_for_2_42_and_2_43_wants_them_all(
    period: str, more: int, old: str, new: str
) -> None:
    world = world_with_options(openPeriodsAfterCoEndDate=more)

    assert old in outcome(send(world, OLD, [projects(period)]))
    assert new in outcome(send(world, NEW, [projects(period)]))


def test_an_option_is_meant_for_its_org_units_only() -> None:
    rows = [projects("202610", CLINIC), projects("202610", CLINIC, "ouClinic002")]

    assert outcome(send(world_with_options(), OLD, rows)) == "409 WARNING 1,0,1,0 E7639[1]"
    assert outcome(send(world_with_options(), NEW, rows)) == "409 ERROR 0,0,0,0 E8025[0,1]"


def test_refusals_name_the_combo_with_its_periods_or_org_units() -> None:
    late, away = projects("202610"), projects("202610", CLINIC, "ouClinic002")

    def conflict(generation: str, sent: dict[str, Any]) -> dict[str, Any]:
        _, body = send(world_with_options(), generation, [sent], ADMIN)
        told: dict[str, Any] = body["response"]["conflicts"][0]
        return told

    assert conflict(NEW, late)["objects"] == {"args": "cocSpring01-[202610]"}
    assert conflict(NEW, away)["objects"] == {"args": "cocClinic01-[ouClinic002]"}
    old = {"period": "202610", "categoryOptionCombo": SPRING}
    assert conflict(OLD, late)["objects"] == old
    old = {"organisationUnit": "ouClinic002", "categoryOptionCombo": CLINIC}
    assert conflict(OLD, away)["objects"] == old
