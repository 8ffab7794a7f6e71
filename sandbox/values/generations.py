"""Where the two generations differ in writing and reading values: one table, two columns."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.entry.facts import Visit
from sandbox.values.new.writing import write_group
from sandbox.values.old.writing import write_rows
from sandbox.values.options import ImportOptions
from sandbox.values.payload import Payload
from sandbox.values.reports import Report

Engine = Callable[[Visit, Payload, ImportOptions], Report]


@dataclass(frozen=True)
class ValueHabits:
    """How one generation treats data values.

    engine                     who decides what is written
    warning                    status and message when only some values were written
    strict_json                a number where a text belongs is a 500, broken JSON a 400
    knows_atomic               `atomic` is an option
    completes_in_spite         a `completeDate` completes although rows were refused
    hoists                     what a read names once stands once, at the root
    offers_a_file              a read comes as an attachment
    drops_unknown_ids          a read forgets ids that are not there, and may have none left
    reads_by_accept            the Accept header chooses CSV
    reads_by_last_updated      `lastUpdated` alone is enough to read by
    group_and_children         code and message when a read wants both
    groups_for_superusers      `orgUnitGroup` gives others nothing
    silent_outside_the_tree    200 without a byte instead of E2012
    tombstones_for_nothing     deleting what never was leaves a deleted row
    bad_period_ends_the_list   completeness: one bad period, nothing stored
    """

    engine: Engine
    warning: tuple[int, str]
    strict_json: bool
    knows_atomic: bool
    completes_in_spite: bool
    hoists: bool
    offers_a_file: bool
    drops_unknown_ids: bool
    reads_by_accept: bool
    reads_by_last_updated: bool
    group_and_children: tuple[str, str]
    groups_for_superusers: bool
    silent_outside_the_tree: bool
    tombstones_for_nothing: bool
    bad_period_ends_the_list: bool


VALUE_HABITS = {
    "2.42": ValueHabits(
        engine=write_rows,
        warning=(409, "One more conflicts encountered, please check import summary."),
        strict_json=False,
        knows_atomic=False,
        completes_in_spite=True,
        hoists=False,
        offers_a_file=False,
        drops_unknown_ids=True,
        reads_by_accept=True,
        reads_by_last_updated=True,
        group_and_children=(
            "E2008",
            "At least one organisation unit must be specified when children are included",
        ),
        groups_for_superusers=False,
        silent_outside_the_tree=True,
        tombstones_for_nothing=False,
        bad_period_ends_the_list=False,
    ),
    "2.43": ValueHabits(
        engine=write_group,
        warning=(200, "Import completed with warnings, please check import summary."),
        strict_json=True,
        knows_atomic=True,
        completes_in_spite=False,
        hoists=True,
        offers_a_file=True,
        drops_unknown_ids=False,
        reads_by_accept=False,
        reads_by_last_updated=False,
        group_and_children=(
            "E2007",
            "Organisation unit children cannot be included for organisation unit groups",
        ),
        groups_for_superusers=True,
        silent_outside_the_tree=False,
        tombstones_for_nothing=True,
        bad_period_ends_the_list=True,
    ),
}
