"""The checks of the old engine (2.42) on one row, in its order: the first that fails refuses it."""

from collections.abc import Callable
from typing import NamedTuple

from sandbox.entry.timeliness import last_open
from sandbox.entry.types import EXPLANATIONS
from sandbox.values.old import conditions
from sandbox.values.old.cells import Cell, Import, Names, RowRefusal


class Rule(NamedTuple):
    """One check of a cell.

    `objects` are the names that the conflict shows; `shown=name` shows one under another name.
    """

    code: str
    prop: str
    text: str
    objects: tuple[str, ...]
    fails: Callable[[Import, Cell], bool]


def refusal_of(job: Import, cell: Cell) -> RowRefusal | None:
    """The first reason to refuse a cell, None when there is none."""
    rule = next((rule for rule in RULES if rule.fails(job, cell)), None)
    if rule is None:
        return None
    names = _names(job, cell)
    shown = {name: "null" if text is None else text for name, text in names.items()}
    objects = {name.partition("=")[0]: names[name.rpartition("=")[2]] for name in rule.objects}
    return RowRefusal(rule.code, rule.prop, rule.text.format(**shown), objects)


def _names(job: Import, cell: Cell) -> Names:
    """All that the text of a refusal may name."""
    named = job.data_set["id"] if job.data_set else ""
    bound = cell.data_set["id"] if cell.data_set else ""
    key = conditions.type_fault(cell)
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


RULES = (
    Rule(
        "E7617",
        "orgUnit",
        "Organisation unit: `{organisationUnit}` not in hierarchy of current user: `{user}`",
        ("organisationUnit", "user"),
        conditions.outside_the_tree,
    ),
    Rule(
        "E7618",
        "value",
        "Data value or comment not specified for data element: `{dataElement}`",
        ("dataElement",),
        conditions.says_nothing,
    ),
    Rule(
        "E7619",
        "value",
        "Value must match value type of data element `{dataElement}`: `{explained}`",
        ("dataElement", "value=fault"),
        conditions.is_of_another_type,
    ),
    Rule(
        "E7621",
        "value",
        "Data value is not a valid option of the data element option set: `{dataElement}`",
        ("dataElement",),
        conditions.is_no_option,
    ),
    Rule(
        "E7632",
        "",
        "Period type of period: `{period}` not valid for data element: `{dataElement}`",
        ("period", "dataElement"),
        conditions.is_of_another_period_type,
    ),
    Rule(
        "E7633",
        "dataElement",
        "Data element: `{dataElement}` is not part of dataset(s): `{namedDataSet}`",
        ("dataElement", "dataSet=namedDataSet"),
        conditions.is_of_another_data_set,
    ),
    Rule(
        "E7634",
        "categoryOptionCombo",
        "Category option combo: `{categoryOptionCombo}` must be part of category combo of data"
        " element: `{dataElement}`",
        ("categoryOptionCombo", "dataElement"),
        conditions.is_of_another_combo,
    ),
    Rule(
        "E7635",
        "attributeOptionCombo",
        "Attribute option combo: `{attributeOptionCombo}` must be part of category combo of"
        " data sets of data element: `{dataElement}`",
        ("categoryOptionCombo=attributeOptionCombo", "dataElement"),
        conditions.is_of_another_attribute_combo,
    ),
    Rule(
        "E7636",
        "orgUnit",
        "Data element: `{dataElement}` must be assigned through data sets to organisation unit:"
        " `{organisationUnit}`",
        ("organisationUnit", "dataElement"),
        conditions.is_not_assigned,
    ),
    Rule(
        "E7638",
        "period",
        "Period: `{period}` is not within date range of attribute option combo:"
        " `{attributeOptionCombo}`",
        ("period", "categoryOptionCombo=attributeOptionCombo"),
        conditions.is_out_of_date,
    ),
    Rule(
        "E7639",
        "orgUnit",
        "Organisation unit: `{organisationUnit}` is not valid for attribute option combo:"
        " `{attributeOptionCombo}`",
        ("organisationUnit", "categoryOptionCombo=attributeOptionCombo"),
        conditions.is_not_meant_for_it,
    ),
    Rule(
        "E7640",
        "period",
        "Current date is past expiry days for period: `{period}`  and data set: `{dataSet}`",
        ("period", "dataSet"),
        conditions.is_locked,
    ),
    Rule(
        "E7641",
        "period",
        "Period: `{period}` is after latest open future period: `{latest}` for data element:"
        " `{dataElement}` and data set: `{dataSet}`",
        ("period", "dataElement", "dataSet"),
        conditions.is_ahead,
    ),
    Rule(
        "E7642",
        "",
        "Data already approved for data set: `{dataSet}` period: `{period}` org unit:"
        " `{organisationUnit}` attribute option combo: `{ownAttributeOptionCombo}`",
        ("organisationUnit", "period", "categoryOptionCombo=ownAttributeOptionCombo", "dataSet"),
        conditions.is_approved,
    ),
    Rule(
        "E7643",
        "period",
        "Period: `{period}` is not open for this data set at this time: `{dataSet}`",
        ("period", "dataSet"),
        conditions.is_shut,
    ),
)
