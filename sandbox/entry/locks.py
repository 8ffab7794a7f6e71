"""What shuts a cell and what opens it again: lock exceptions, approvals, and how a form asks."""

from collections.abc import Mapping
from datetime import UTC, datetime

from pipeline.cells.periods import Period
from sandbox.entry.facts import Facts, Visit, members
from sandbox.entry.periods import find_period
from sandbox.entry.timeliness import ahead_of_time, approved, locked
from sandbox.http.envelopes import RefusalError
from sandbox.state.world import Json

Cell = tuple[Json, Period, str]


def cell_of(visit: Visit, query: Mapping[str, str]) -> Cell:
    """Give the data set, period and org unit a query names; 409 when one of them is not there."""
    facts = visit.facts
    data_set, period = facts.data_sets.get(query.get("ds", "")), find_period(query.get("pe"))
    unit = query.get("ou", "")
    if data_set is None:
        raise RefusalError(409, f"Illegal data set identifier: {query.get('ds')}")
    if period is None:
        raise RefusalError(409, f"Illegal period identifier: {query.get('pe')}")
    if unit not in facts.tree.units:
        raise RefusalError(409, f"Illegal organisation unit identifier: {unit}")
    return data_set, period, unit


def except_from_lock(visit: Visit, query: Mapping[str, str]) -> None:
    """Open one locked cell to everybody."""
    data_set, period, unit = cell_of(visit, query)
    visit.world.lock_exceptions.add((data_set["id"], period.id, unit))


def lock_again(visit: Visit, query: Mapping[str, str]) -> None:
    """Take a lock exception back."""
    data_set, period, unit = cell_of(visit, query)
    visit.world.lock_exceptions.discard((data_set["id"], period.id, unit))


def lock_exceptions(visit: Visit) -> list[Json]:
    """List the locked cells that are open to everybody, as references."""
    return [
        {"dataSet": {"id": data_set}, "period": {"id": period}, "organisationUnit": {"id": unit}}
        for data_set, period, unit in sorted(visit.world.lock_exceptions)
    ]


def approve(visit: Visit, query: Mapping[str, str]) -> None:
    """Approve a data set for a period and an org unit."""
    data_set, period, unit = cell_of(visit, query)
    key = (data_set["id"], period.id, unit, visit.facts.default_combo)
    visit.world.approvals.add(key)
    visit.world.extra.setdefault("approved", {})[key] = (visit.user.username, visit.now)


def approval_state(visit: Visit, query: Mapping[str, str]) -> Json:
    """Tell whether a form is approved, by whom and when; `aoc` names another than the default."""
    data_set, period, unit = cell_of(visit, query)
    combo = query.get("aoc") or visit.facts.default_combo
    key = (data_set["id"], period.id, unit, combo)
    there = key in visit.world.approvals
    state = {
        "mayApprove": not there,
        "mayUnapprove": there,
        "mayAccept": False,
        "mayUnaccept": False,
        "mayReadData": True,
        "state": "APPROVED_HERE" if there else "UNAPPROVED_READY",
    }
    if key in visit.world.extra.get("approved", {}):
        who, when = visit.world.extra["approved"][key]
        state |= {"approvedBy": f"{who} {who}", "approvedAt": bare(when), "acceptedAt": bare(when)}
    return state


def bare(when: datetime) -> str:
    """Give a time without a zone, in milliseconds."""
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{when.microsecond // 1000:03}"


def form(visit: Visit, query: Mapping[str, str]) -> Json:
    """Give what a data entry form shows of a cell: values, lock status, completeness."""
    data_set, period, unit = cell_of(visit, query)
    return {
        "dataValues": _values(visit, data_set, period, unit),
        "minMaxValues": [],
        "lockStatus": _lock_status(visit, (data_set, period, unit)),
        "completeStatus": _complete_status(visit, data_set, period, unit),
    }


def _lock_status(visit: Visit, cell: Cell) -> str:
    data_set, period, unit = cell
    if approved(visit, data_set, period, unit, visit.facts.default_combo):
        return "APPROVED"
    shut = locked(visit, data_set, period, unit)
    return "LOCKED" if shut or ahead_of_time(data_set, period, visit.now.date()) else "OPEN"


def _values(visit: Visit, data_set: Json, period: Period, unit: str) -> list[Json]:
    facts = visit.facts
    elements = set(members(data_set))
    return [
        {
            "dataElement": key.data_element,
            "period": key.period,
            "orgUnit": key.org_unit,
            "categoryOptionCombo": key.category_option_combo,
            "attribute": _attribute(facts, key.attribute_option_combo),
            "value": value.value,
            **({"comment": value.comment} if value.comment else {}),
            "followUp": value.followup,
            "storedBy": value.stored_by,
            "created": bare(value.created),
            "lastUpdated": bare(value.last_updated),
        }
        for key, value in visit.world.values.items()
        if key.data_element in elements
        and (key.period, key.org_unit) == (period.id, unit)
        and not value.deleted
    ]


def _attribute(facts: Facts, combo: str) -> Json:
    found = facts.option_combos[combo]
    options = [option["id"] for option in found.get("categoryOptions", [])]
    return {"combo": found["categoryCombo"]["id"], "options": options}


def _complete_status(visit: Visit, data_set: Json, period: Period, unit: str) -> Json:
    key = (data_set["id"], period.id, unit, visit.facts.default_combo)
    entry = visit.world.registrations.get(key)
    if entry is None or not entry["completed"]:
        return {"complete": False}
    return {
        "complete": True,
        "created": bare(entry["date"]),
        "createdBy": entry["storedBy"],
        "lastUpdated": bare(entry["lastUpdated"]),
        "lastUpdatedBy": entry["lastUpdatedBy"],
    }
