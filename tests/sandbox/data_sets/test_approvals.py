"""An approval says by whom and when, for one attribute option combo."""

from sandbox.data_sets.approvals import approval_state, approve
from sandbox.entry.context import Context
from tests.sandbox.value_world import BOYS, CLERK, MONTH, NOW, small_world

CELL = {"ds": "dsForm00001", "pe": MONTH, "ou": "ouClinic001"}


def test_an_approved_cell_names_its_approver_and_may_be_unapproved() -> None:
    context = Context(small_world(), CLERK, NOW)
    assert approval_state(context, CELL)["mayApprove"] is True

    approve(context, CELL)

    state = approval_state(context, CELL)
    assert (state["state"], state["mayUnapprove"]) == ("APPROVED_HERE", True)
    assert (state["approvedBy"], state["approvedAt"]) == (
        "clerk clerk",
        "2026-11-23T12:00:00.000",
    )


def test_an_approval_holds_for_the_default_combo_and_for_its_own_period_only() -> None:
    context = Context(small_world(), CLERK, NOW)

    approve(context, CELL)

    for other in ({"aoc": BOYS}, {"pe": "202609"}):
        assert approval_state(context, CELL | other)["state"] == "UNAPPROVED_READY"
