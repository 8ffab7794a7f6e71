"""What the old engine asks of one row, in its order: the first answer that is no refuses it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from pipeline.sandbox.data_value_facts import Facts, assigned, members
from pipeline.sandbox.data_value_payload import ImportOptions, Row
from pipeline.sandbox.data_value_periods import Period, find_period
from pipeline.sandbox.data_value_timeliness import (
    SUPERUSER,
    ahead_of_time,
    approved,
    last_open,
    locked,
    outside_input_periods,
)
from pipeline.sandbox.data_value_types import EXPLANATIONS, NO, YES, fault_of
from pipeline.sandbox.world import Json, User, World


class BrokenOffError(Exception):
    """The import stopped half way; what was written before stays written."""


@dataclass(frozen=True)
class Refusal:
    """Why a row is refused; `objects` name who is at fault, the first one foremost."""

    code: str
    text: str
    objects: dict[str, str | None]
    prop: str = ""

    def conflict(self, indexes: list[int]) -> Json:
        """Give the conflict the reply shows."""
        first = next(iter(self.objects.values()), None)
        return {
            **({"object": first} if first is not None else {}),
            "objects": {name: who for name, who in self.objects.items() if who is not None},
            "value": self.text,
            "errorCode": self.code,
            **({"property": self.prop} if self.prop else {}),
            "indexes": indexes,
        }


@dataclass(frozen=True)
class Import:
    """One import under way; `data_set` is the one the request names."""

    world: World
    facts: Facts
    user: User
    options: ImportOptions
    schemes: Mapping[str, str]
    data_set: Json | None
    now: datetime

    def find(self, kind: str, text: str | None) -> str | None:
        """Give the id of the object a row names."""
        return self.facts.find(kind, self.schemes[kind], text)

    @property
    def forced(self) -> bool:
        """Tell whether a superuser asked to be let through."""
        return self.options.force and SUPERUSER in self.user.authorities


@dataclass(frozen=True)
class Cell:
    """A row and what it names; `data_set` is the one whose rules bind it, if there is one."""

    row: Row
    element: Json
    period: Period
    org_unit: str
    option_combo: str
    attribute_combo: str
    data_set: Json | None

    @property
    def element_id(self) -> str:
        """Give the id of the data element."""
        return str(self.element["id"])


def look_up(job: Import, row: Row) -> Cell | Refusal:
    """Find what a row names, or refuse it for the first name that means nothing."""
    element = job.find("dataElement", row.data_element)
    period = find_period(row.period)
    unit = job.find("orgUnit", row.org_unit)
    combo = _combo(job, "categoryOptionCombo", row.category_option_combo)
    attribute = _combo(job, "attributeOptionCombo", row.attribute_option_combo)
    if element is None:
        return _missing("E7610", "Data element", "dataElement", row.data_element)
    if period is None:
        text = f"Period not valid: `{row.period or 'null'}`"
        return Refusal("E7611", text, {"period": row.period}, "period")
    if unit is None:
        refusal = _missing("E7612", "Organisation unit", "organisationUnit", row.org_unit)
        return Refusal(refusal.code, refusal.text, refusal.objects, "orgUnit")
    if combo is None:
        return _unwritable("E7613", "Category", "categoryOptionCombo", row.category_option_combo)
    if attribute is None:
        return _unwritable("E7615", "Attribute", "attributeOptionCombo", row.attribute_option_combo)
    data_set = job.data_set or foremost(job.facts.sets_of.get(element, []))
    return Cell(row, job.facts.elements[element], period, unit, combo, attribute, data_set)


def _combo(job: Import, kind: str, text: str | None) -> str | None:
    return job.find(kind, text) if text else job.facts.default_combo


def _missing(code: str, what: str, name: str, who: str | None) -> Refusal:
    text = f"{what} not found or not accessible: `{who or 'null'}`"
    return Refusal(code, text, {name: who}, name)


def _unwritable(code: str, what: str, prop: str, who: str | None) -> Refusal:
    text = f"{what} option combo not found or not accessible for writing data: `{who}`"
    return Refusal(code, text, {"categoryOptionCombo": who}, prop)


def foremost(data_sets: list[Json]) -> Json | None:
    """Give the data set whose rules bind an element of several: one with approval first."""
    return min(data_sets, key=lambda one: not one.get("workflow"), default=None)


def _in_the_tree(job: Import, cell: Cell) -> Refusal | None:
    if job.facts.tree.within(cell.org_unit, job.user.org_units):
        return None
    text = f"Organisation unit: `{cell.org_unit}` not in hierarchy of current user: `{job.user.id}`"
    return Refusal(
        "E7617", text, {"organisationUnit": cell.org_unit, "user": job.user.id}, "orgUnit"
    )


def _with_a_value(job: Import, cell: Cell) -> Refusal | None:
    if cell.row.value or cell.row.comment or deletes(job, cell.row):
        return None
    text = f"Data value or comment not specified for data element: `{cell.element_id}`"
    return Refusal("E7618", text, {"dataElement": cell.element_id}, "value")


def _of_the_type(_job: Import, cell: Cell) -> Refusal | None:
    value = cell.row.value
    key = fault_of(cell.element["valueType"], value, YES, NO) if value and value.strip() else None
    if key is None:
        return None
    text = (
        f"Value must match value type of data element `{cell.element_id}`: "
        f"`{EXPLANATIONS.get(key, key)}`"
    )
    return Refusal("E7619", text, {"dataElement": cell.element_id, "value": key}, "value")


def _an_option(job: Import, cell: Cell) -> Refusal | None:
    codes = job.facts.options_of(cell.element)
    if codes is None:
        return None
    if cell.row.value is None:
        raise BrokenOffError("null")
    if cell.row.value in codes:
        return None
    text = f"Data value is not a valid option of the data element option set: `{cell.element_id}`"
    return Refusal("E7621", text, {"dataElement": cell.element_id}, "value")


def _strict_period(job: Import, cell: Cell) -> Refusal | None:
    kinds = {one["periodType"] for one in _sets(job, cell)}
    if "strictPeriods" not in job.options.strict or cell.period.type in kinds:
        return None
    text = (
        f"Period type of period: `{cell.period.id}` not valid for data element: `{cell.element_id}`"
    )
    return Refusal("E7632", text, {"period": cell.period.id, "dataElement": cell.element_id})


def _strict_element(job: Import, cell: Cell) -> Refusal | None:
    if "strictDataElements" not in job.options.strict:
        return None
    if any(cell.element_id in members(one) for one in _sets(job, cell)):
        return None
    named = job.data_set["id"] if job.data_set else ""
    text = f"Data element: `{cell.element_id}` is not part of dataset(s): `{named}`"
    return Refusal("E7633", text, {"dataElement": cell.element_id, "dataSet": named}, "dataElement")


def _strict_combo(job: Import, cell: Cell) -> Refusal | None:
    sent = cell.row.category_option_combo
    combo = job.facts.combo_of(cell.element_id, cell.data_set)
    if "strictCategoryOptionCombos" not in job.options.strict or (
        job.facts.belongs(cell.option_combo, combo)
    ):
        return None
    text = (
        f"Category option combo: `{sent or 'null'}` must be part of category combo of "
        f"data element: `{cell.element_id}`"
    )
    return Refusal(
        "E7634",
        text,
        {"categoryOptionCombo": sent, "dataElement": cell.element_id},
        "categoryOptionCombo",
    )


def _strict_attribute_combo(job: Import, cell: Cell) -> Refusal | None:
    sent = cell.row.attribute_option_combo
    if "strictAttributeOptionCombos" not in job.options.strict or cell.data_set is None:
        return None
    if job.facts.belongs(cell.attribute_combo, cell.data_set["categoryCombo"]["id"]):
        return None
    text = (
        f"Attribute option combo: `{sent or 'null'}` must be part of category combo of "
        f"data sets of data element: `{cell.element_id}`"
    )
    return Refusal(
        "E7635",
        text,
        {"categoryOptionCombo": sent, "dataElement": cell.element_id},
        "attributeOptionCombo",
    )


def _strict_org_unit(job: Import, cell: Cell) -> Refusal | None:
    if "strictOrganisationUnits" not in job.options.strict:
        return None
    if any(cell.org_unit in assigned(one) for one in job.facts.sets_of.get(cell.element_id, [])):
        return None
    text = (
        f"Data element: `{cell.element_id}` must be assigned through data sets to "
        f"organisation unit: `{cell.org_unit}`"
    )
    return Refusal(
        "E7636",
        text,
        {"organisationUnit": cell.org_unit, "dataElement": cell.element_id},
        "orgUnit",
    )


def _sets(job: Import, cell: Cell) -> list[Json]:
    return [job.data_set] if job.data_set else job.facts.sets_of.get(cell.element_id, [])


def _not_locked(job: Import, cell: Cell) -> Refusal | None:
    if cell.data_set is None or job.forced:
        return None
    if not locked(job.world, job.user, cell.data_set, cell.period, cell.org_unit, job.now):
        return None
    where = {"period": cell.period.id, "dataSet": cell.data_set["id"]}
    text = (
        f"Current date is past expiry days for period: `{where['period']}`  and data set: "
        f"`{where['dataSet']}`"
    )
    return Refusal("E7640", text, where, "period")


def _not_ahead(job: Import, cell: Cell) -> Refusal | None:
    if cell.data_set is None or job.forced:
        return None
    if not ahead_of_time(cell.data_set, cell.period, job.now.date()):
        return None
    where = {
        "period": cell.period.id,
        "dataElement": cell.element_id,
        "dataSet": cell.data_set["id"],
    }
    text = (
        f"Period: `{where['period']}` is after latest open future period: "
        f"`{last_open(cell.data_set, job.now.date()).id}` for data element: "
        f"`{where['dataElement']}` and data set: `{where['dataSet']}`"
    )
    return Refusal("E7641", text, where, "period")


def _not_approved(job: Import, cell: Cell) -> Refusal | None:
    if cell.data_set is None or job.forced:
        return None
    approvals, attribute = job.world.approvals, cell.attribute_combo
    if not approved(approvals, cell.data_set, cell.period, cell.org_unit, attribute):
        return None
    sent = cell.row.sent.get("attributeOptionCombo")
    where = {
        "organisationUnit": cell.org_unit,
        "period": cell.period.id,
        "categoryOptionCombo": sent,
        "dataSet": cell.data_set["id"],
    }
    text = (
        f"Data already approved for data set: `{where['dataSet']}` period: `{where['period']}` "
        f"org unit: `{cell.org_unit}` attribute option combo: `{sent or 'null'}`"
    )
    return Refusal("E7642", text, where)


def _in_an_input_period(job: Import, cell: Cell) -> Refusal | None:
    if cell.data_set is None or job.forced:
        return None
    if not outside_input_periods(cell.data_set, cell.period, job.now, inverted=False):
        return None
    where = {"period": cell.period.id, "dataSet": cell.data_set["id"]}
    text = (
        f"Period: `{where['period']}` is not open for this data set at this time: "
        f"`{where['dataSet']}`"
    )
    return Refusal("E7643", text, where, "period")


def deletes(job: Import, row: Row) -> bool:
    """Tell whether a row asks for a deletion."""
    return row.deleted or job.options.strategy == "DELETE"


CHECKS: tuple[Callable[[Import, Cell], Refusal | None], ...] = (
    _in_the_tree,
    _with_a_value,
    _of_the_type,
    _an_option,
    _strict_period,
    _strict_element,
    _strict_combo,
    _strict_attribute_combo,
    _strict_org_unit,
    _not_locked,
    _not_ahead,
    _not_approved,
    _in_an_input_period,
)


def refusal_of(job: Import, cell: Cell) -> Refusal | None:
    """Give the first reason to refuse a cell, None when there is none."""
    return next((refusal for check in CHECKS if (refusal := check(job, cell))), None)
