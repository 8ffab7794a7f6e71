"""The conditions under which the old engine (2.42) refuses a row."""

from collections.abc import Callable

from sandbox.entry.context import Context
from sandbox.entry.lookups import assigned, members
from sandbox.entry.options import not_meant_for, out_of_date
from sandbox.entry.timeliness import ahead_of_time, approved, locked, shut_by_input_periods
from sandbox.entry.types import NO, YES, fault_of
from sandbox.state.world import Json
from sandbox.values.old.cells import Cell, Import, ImportAbortedError


def type_fault(cell: Cell) -> str | None:
    """DHIS2's key for why a value is not of its element's type; None when it is, or is blank."""
    value = cell.row.value
    return fault_of(cell.element["valueType"], value, YES, NO) if value and value.strip() else None


def _strict(job: Import, name: str) -> bool:
    return name in job.options.strict


def _sets(job: Import, cell: Cell) -> list[Json]:
    return [job.data_set] if job.data_set else job.lookups.sets_of.get(cell.element["id"], [])


def outside_the_tree(job: Import, cell: Cell) -> bool:
    """The org unit lies outside the user's tree."""
    return not job.lookups.tree.within(cell.org_unit, job.context.user.org_units)


def says_nothing(job: Import, cell: Cell) -> bool:
    """There is neither value nor comment, and nothing is to be deleted."""
    return not (cell.row.value or cell.row.comment or job.deletes(cell.row))


def is_of_another_type(_job: Import, cell: Cell) -> bool:
    """The value is no value of the data element's type."""
    return type_fault(cell) is not None


def is_no_option(job: Import, cell: Cell) -> bool:
    """The value is no option of the data element's option set; none at all ends the import."""
    codes = job.lookups.options_of(cell.element)
    if codes is not None and cell.row.value is None:
        raise ImportAbortedError("null")
    return codes is not None and cell.row.value not in codes


def is_of_another_period_type(job: Import, cell: Cell) -> bool:
    """No data set of the element has periods of this type (`strictPeriods`)."""
    kinds = {one["periodType"] for one in _sets(job, cell)}
    return _strict(job, "strictPeriods") and cell.period.type not in kinds


def is_of_another_data_set(job: Import, cell: Cell) -> bool:
    """The element is in none of the data sets (`strictDataElements`)."""
    return _strict(job, "strictDataElements") and not any(
        cell.element["id"] in members(one) for one in _sets(job, cell)
    )


def is_of_another_combo(job: Import, cell: Cell) -> bool:
    """The option combo is not of the element's category combo (strict only)."""
    return _strict(job, "strictCategoryOptionCombos") and not job.lookups.belongs(
        cell.option_combo, job.lookups.combo_of(cell.element["id"], cell.data_set)
    )


def is_of_another_attribute_combo(job: Import, cell: Cell) -> bool:
    """The attribute option combo is of no data set's category combo (strict only)."""
    return _strict(job, "strictAttributeOptionCombos") and not any(
        job.lookups.belongs(cell.attribute_combo, one["categoryCombo"]["id"])
        for one in _sets(job, cell)
    )


def is_not_assigned(job: Import, cell: Cell) -> bool:
    """No data set of the element is assigned to the org unit (strict only)."""
    return _strict(job, "strictOrganisationUnits") and not any(
        cell.org_unit in assigned(one) for one in job.lookups.sets_of.get(cell.element["id"], [])
    )


def is_not_meant_for_it(job: Import, cell: Cell) -> bool:
    """An option of the attribute option combo is meant for other org units."""
    return not_meant_for(job.lookups, cell.attribute_combo, cell.org_unit)


def _in_its_data_set(
    shut: Callable[[Context, Json, Cell], bool],
) -> Callable[[Import, Cell], bool]:
    """A condition of cells that a data set binds; `force` lifts it for a superuser."""

    def fails(job: Import, cell: Cell) -> bool:
        return (
            cell.data_set is not None and not job.forced and shut(job.context, cell.data_set, cell)
        )

    return fails


@_in_its_data_set
def is_out_of_date(context: Context, data_set: Json, cell: Cell) -> bool:
    """An option of the attribute option combo is not valid on any day of the period."""
    combo = cell.attribute_combo
    return out_of_date(context.lookups, combo, data_set, cell.period, whole=False)


@_in_its_data_set
def is_locked(context: Context, data_set: Json, cell: Cell) -> bool:
    """The days in which the data set may be entered are over."""
    return locked(context, data_set, cell.period, cell.org_unit)


@_in_its_data_set
def is_ahead(context: Context, data_set: Json, cell: Cell) -> bool:
    """The period is after the last open one."""
    return ahead_of_time(data_set, cell.period, context.now.date())


@_in_its_data_set
def is_approved(context: Context, data_set: Json, cell: Cell) -> bool:
    """The cell is approved."""
    return approved(context, data_set, cell.period, cell.org_unit, cell.attribute_combo)


@_in_its_data_set
def is_shut(context: Context, data_set: Json, cell: Cell) -> bool:
    """The data set's input periods do not open the period now."""
    return shut_by_input_periods(data_set, cell.period, context.now, inverted=False)
