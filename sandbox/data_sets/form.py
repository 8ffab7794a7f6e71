"""What a data entry form shows of a data set, a period and an org unit."""

from collections.abc import Mapping

from pipeline.cells.periods import Period
from sandbox.data_sets.cells import DataSetCell, cell_of
from sandbox.entry.context import Context
from sandbox.entry.lookups import Lookups, members
from sandbox.entry.timeliness import ahead_of_time, approved, locked
from sandbox.state.timestamps import local_time
from sandbox.state.world import Json


def entry_form(context: Context, query: Mapping[str, str]) -> Json:
    """The form of a cell: values, lock status, completeness."""
    data_set, period, unit = cell_of(context, query)
    return {
        "dataValues": _values(context, data_set, period, unit),
        "minMaxValues": [],
        "lockStatus": _lock_status(context, (data_set, period, unit)),
        "completeStatus": _complete_status(context, data_set, period, unit),
    }


def _lock_status(context: Context, cell: DataSetCell) -> str:
    data_set, period, unit = cell
    if approved(context, data_set, period, unit, context.lookups.default_combo):
        return "APPROVED"
    shut = locked(context, data_set, period, unit)
    return "LOCKED" if shut or ahead_of_time(data_set, period, context.now.date()) else "OPEN"


def _values(context: Context, data_set: Json, period: Period, unit: str) -> list[Json]:
    lookups = context.lookups
    elements = set(members(data_set))
    return [
        {
            "dataElement": key.data_element,
            "period": key.period,
            "orgUnit": key.org_unit,
            "categoryOptionCombo": key.category_option_combo,
            "attribute": _attribute(lookups, key.attribute_option_combo),
            "value": value.value,
            **({"comment": value.comment} if value.comment else {}),
            "followUp": value.followup,
            "storedBy": value.stored_by,
            "created": local_time(value.created),
            "lastUpdated": local_time(value.last_updated),
        }
        for key, value in context.world.values.items()
        if key.data_element in elements
        and (key.period, key.org_unit) == (period.id, unit)
        and not value.deleted
    ]


def _attribute(lookups: Lookups, combo: str) -> Json:
    found = lookups.option_combos[combo]
    options = [option["id"] for option in found.get("categoryOptions", [])]
    return {"combo": found["categoryCombo"]["id"], "options": options}


def _complete_status(context: Context, data_set: Json, period: Period, unit: str) -> Json:
    key = (data_set["id"], period.id, unit, context.lookups.default_combo)
    entry = context.world.registrations.get(key)
    if entry is None or not entry["completed"]:
        return {"complete": False}
    return {
        "complete": True,
        "created": local_time(entry["date"]),
        "createdBy": entry["storedBy"],
        "lastUpdated": local_time(entry["lastUpdated"]),
        "lastUpdatedBy": entry["lastUpdatedBy"],
    }
