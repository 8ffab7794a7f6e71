"""Approvals: which data sets are approved for a period and an org unit, by whom and when."""

from collections.abc import Mapping

from sandbox.data_sets.cells import cell_of
from sandbox.entry.context import Context
from sandbox.state.timestamps import local_time
from sandbox.state.world import Json


def approve(context: Context, query: Mapping[str, str]) -> None:
    """Approve a data set for a period and an org unit."""
    data_set, period, unit = cell_of(context, query)
    key = (data_set["id"], period.id, unit, context.lookups.default_combo)
    context.world.approvals.add(key)
    context.world.extra.setdefault("approved", {})[key] = (context.user.username, context.now)


def approval_state(context: Context, query: Mapping[str, str]) -> Json:
    """Whether a form is approved, by whom and when; `aoc` names another than the default."""
    data_set, period, unit = cell_of(context, query)
    combo = query.get("aoc") or context.lookups.default_combo
    key = (data_set["id"], period.id, unit, combo)
    there = key in context.world.approvals
    state = {
        "mayApprove": not there,
        "mayUnapprove": there,
        "mayAccept": False,
        "mayUnaccept": False,
        "mayReadData": True,
        "state": "APPROVED_HERE" if there else "UNAPPROVED_READY",
    }
    if key in context.world.extra.get("approved", {}):
        who, when = context.world.extra["approved"][key]
        state |= {
            "approvedBy": f"{who} {who}",
            "approvedAt": local_time(when),
            "acceptedAt": local_time(when),
        }
    return state
