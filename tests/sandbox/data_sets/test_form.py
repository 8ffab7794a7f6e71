"""A data entry form shows its lock status, its values and whether it is complete."""

from sandbox.data_sets import approvals, locks, registrations
from sandbox.data_sets.form import entry_form
from sandbox.entry.context import Context
from sandbox.entry.import_options import import_options
from tests.sandbox.value_world import ADMIN, CLERK, MONTH, NOW, row, send, small_world

CELL = {"ds": "dsForm00001", "pe": MONTH, "ou": "ouClinic001"}


LOCKED = {"ds": "dsLocked001", "pe": "202505", "ou": "ouClinic001"}


def test_a_form_tells_whether_it_is_open_locked_or_approved() -> None:
    world = small_world()
    context = Context(world, CLERK, NOW)
    assert entry_form(context, CELL)["lockStatus"] == "OPEN"
    assert entry_form(context, LOCKED)["lockStatus"] == "LOCKED"

    locks.add_lock_exception(context, LOCKED)
    approvals.approve(context, CELL)

    assert entry_form(context, LOCKED)["lockStatus"] == "OPEN"
    assert entry_form(context, CELL)["lockStatus"] == "APPROVED"
    assert approvals.approval_state(context, CELL)["state"] == "APPROVED_HERE"

    locks.remove_lock_exception(context, LOCKED)

    assert entry_form(context, LOCKED)["lockStatus"] == "LOCKED"


def test_a_form_tells_its_values_and_whether_it_is_complete() -> None:
    world = small_world()
    context = Context(world, ADMIN, NOW)
    send(world, "2.43", [row(value="4")])
    registered = {"dataSet": "dsForm00001", "period": MONTH, "organisationUnit": "ouClinic001"}
    options = import_options({}, knows_atomic=False)
    registrations.register(context, [registered], options, bad_period_ends_all=False)

    shown = entry_form(context, CELL)

    assert [value["value"] for value in shown["dataValues"]] == ["4"]
    assert shown["completeStatus"]["complete"] is True
    assert entry_form(context, CELL | {"ou": "ouClinic002"})["completeStatus"] == {
        "complete": False
    }
