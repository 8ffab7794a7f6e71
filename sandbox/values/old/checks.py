"""What the old engine asks of one row, in its order: the first answer that is no refuses it."""

from collections.abc import Callable
from typing import NamedTuple

from sandbox.entry.context import Context
from sandbox.entry.lookups import assigned, members
from sandbox.entry.timeliness import (
    ahead_of_time,
    approved,
    last_open,
    locked,
    shut_by_input_periods,
)
from sandbox.entry.types import EXPLANATIONS, NO, YES, fault_of
from sandbox.state.world import Json
from sandbox.values.old.cells import BrokenOffError, Cell, Import, Refusal, Words


class Rule(NamedTuple):
    """One check of a cell.

    `objects` name the words that tell who is at fault; `shown=word` shows a word by another name.
    """

    code: str
    prop: str
    text: str
    objects: tuple[str, ...]
    fails: Callable[[Import, Cell], bool]


def refusal_of(job: Import, cell: Cell) -> Refusal | None:
    """The first reason to refuse a cell, None when there is none."""
    rule = next((rule for rule in RULES if rule.fails(job, cell)), None)
    if rule is None:
        return None
    words = _words(job, cell)
    shown = {name: "null" if word is None else word for name, word in words.items()}
    objects = {name.partition("=")[0]: words[name.rpartition("=")[2]] for name in rule.objects}
    return Refusal(rule.code, rule.prop, rule.text.format(**shown), objects)


def _words(job: Import, cell: Cell) -> Words:
    """All that a refusal may speak of."""
    named = job.data_set["id"] if job.data_set else ""
    bound = cell.data_set["id"] if cell.data_set else ""
    key = _type_fault(cell)
    return {
        "dataElement": cell.element["id"],
        "period": cell.period.id,
        "organisationUnit": cell.org_unit,
        "user": job.context.user.id,
        "categoryOptionCombo": cell.row.category_option_combo,
        "attributeOptionCombo": cell.row.attribute_option_combo,
        "ownAttributeOptionCombo": cell.row.own_attribute_combo,
        "dataSet": bound,
        "namedDataSet": named,
        "fault": key,
        "explained": EXPLANATIONS.get(key or "", key),
        "latest": last_open(cell.data_set, job.context.now.date()).id if cell.data_set else "",
    }


def _type_fault(cell: Cell) -> str | None:
    value = cell.row.value
    return fault_of(cell.element["valueType"], value, YES, NO) if value and value.strip() else None


def _strict(job: Import, name: str) -> bool:
    return name in job.options.strict


def _sets(job: Import, cell: Cell) -> list[Json]:
    return [job.data_set] if job.data_set else job.lookups.sets_of.get(cell.element["id"], [])


def _outside_the_tree(job: Import, cell: Cell) -> bool:
    return not job.lookups.tree.within(cell.org_unit, job.context.user.org_units)


def _says_nothing(job: Import, cell: Cell) -> bool:
    return not (cell.row.value or cell.row.comment or job.deletes(cell.row))


def _is_of_another_type(_job: Import, cell: Cell) -> bool:
    return _type_fault(cell) is not None


def _is_no_option(job: Import, cell: Cell) -> bool:
    codes = job.lookups.options_of(cell.element)
    if codes is not None and cell.row.value is None:
        raise BrokenOffError("null")
    return codes is not None and cell.row.value not in codes


def _is_of_another_period_type(job: Import, cell: Cell) -> bool:
    kinds = {one["periodType"] for one in _sets(job, cell)}
    return _strict(job, "strictPeriods") and cell.period.type not in kinds


def _is_of_another_data_set(job: Import, cell: Cell) -> bool:
    return _strict(job, "strictDataElements") and not any(
        cell.element["id"] in members(one) for one in _sets(job, cell)
    )


def _is_of_another_combo(job: Import, cell: Cell) -> bool:
    return _strict(job, "strictCategoryOptionCombos") and not job.lookups.belongs(
        cell.option_combo, job.lookups.combo_of(cell.element["id"], cell.data_set)
    )


def _is_of_another_attribute_combo(job: Import, cell: Cell) -> bool:
    return _strict(job, "strictAttributeOptionCombos") and not any(
        job.lookups.belongs(cell.attribute_combo, one["categoryCombo"]["id"])
        for one in _sets(job, cell)
    )


def _is_not_assigned(job: Import, cell: Cell) -> bool:
    return _strict(job, "strictOrganisationUnits") and not any(
        cell.org_unit in assigned(one) for one in job.lookups.sets_of.get(cell.element["id"], [])
    )


def _in_its_data_set(
    shut: Callable[[Context, Json, Cell], bool],
) -> Callable[[Import, Cell], bool]:
    """Ask only of cells that a data set binds, and of nobody who may force his way."""

    def fails(job: Import, cell: Cell) -> bool:
        return (
            cell.data_set is not None and not job.forced and shut(job.context, cell.data_set, cell)
        )

    return fails


@_in_its_data_set
def _is_locked(context: Context, data_set: Json, cell: Cell) -> bool:
    return locked(context, data_set, cell.period, cell.org_unit)


@_in_its_data_set
def _is_ahead(context: Context, data_set: Json, cell: Cell) -> bool:
    return ahead_of_time(data_set, cell.period, context.now.date())


@_in_its_data_set
def _is_approved(context: Context, data_set: Json, cell: Cell) -> bool:
    return approved(context, data_set, cell.period, cell.org_unit, cell.attribute_combo)


@_in_its_data_set
def _is_shut(context: Context, data_set: Json, cell: Cell) -> bool:
    return shut_by_input_periods(data_set, cell.period, context.now, inverted=False)


RULES = (
    Rule(
        "E7617",
        "orgUnit",
        "Organisation unit: `{organisationUnit}` not in hierarchy of current user: `{user}`",
        ("organisationUnit", "user"),
        _outside_the_tree,
    ),
    Rule(
        "E7618",
        "value",
        "Data value or comment not specified for data element: `{dataElement}`",
        ("dataElement",),
        _says_nothing,
    ),
    Rule(
        "E7619",
        "value",
        "Value must match value type of data element `{dataElement}`: `{explained}`",
        ("dataElement", "value=fault"),
        _is_of_another_type,
    ),
    Rule(
        "E7621",
        "value",
        "Data value is not a valid option of the data element option set: `{dataElement}`",
        ("dataElement",),
        _is_no_option,
    ),
    Rule(
        "E7632",
        "",
        "Period type of period: `{period}` not valid for data element: `{dataElement}`",
        ("period", "dataElement"),
        _is_of_another_period_type,
    ),
    Rule(
        "E7633",
        "dataElement",
        "Data element: `{dataElement}` is not part of dataset(s): `{namedDataSet}`",
        ("dataElement", "dataSet=namedDataSet"),
        _is_of_another_data_set,
    ),
    Rule(
        "E7634",
        "categoryOptionCombo",
        "Category option combo: `{categoryOptionCombo}` must be part of category combo of data"
        " element: `{dataElement}`",
        ("categoryOptionCombo", "dataElement"),
        _is_of_another_combo,
    ),
    Rule(
        "E7635",
        "attributeOptionCombo",
        "Attribute option combo: `{attributeOptionCombo}` must be part of category combo of"
        " data sets of data element: `{dataElement}`",
        ("categoryOptionCombo=attributeOptionCombo", "dataElement"),
        _is_of_another_attribute_combo,
    ),
    Rule(
        "E7636",
        "orgUnit",
        "Data element: `{dataElement}` must be assigned through data sets to organisation unit:"
        " `{organisationUnit}`",
        ("organisationUnit", "dataElement"),
        _is_not_assigned,
    ),
    Rule(
        "E7640",
        "period",
        "Current date is past expiry days for period: `{period}`  and data set: `{dataSet}`",
        ("period", "dataSet"),
        _is_locked,
    ),
    Rule(
        "E7641",
        "period",
        "Period: `{period}` is after latest open future period: `{latest}` for data element:"
        " `{dataElement}` and data set: `{dataSet}`",
        ("period", "dataElement", "dataSet"),
        _is_ahead,
    ),
    Rule(
        "E7642",
        "",
        "Data already approved for data set: `{dataSet}` period: `{period}` org unit:"
        " `{organisationUnit}` attribute option combo: `{ownAttributeOptionCombo}`",
        ("organisationUnit", "period", "categoryOptionCombo=ownAttributeOptionCombo", "dataSet"),
        _is_approved,
    ),
    Rule(
        "E7643",
        "period",
        "Period: `{period}` is not open for this data set at this time: `{dataSet}`",
        ("period", "dataSet"),
        _is_shut,
    ),
)
