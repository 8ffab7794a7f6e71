"""Where the two generations differ in writing and reading values: one table, two columns."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.entry.context import Context
from sandbox.entry.import_options import ImportOptions
from sandbox.entry.import_summary import Report
from sandbox.state.generations import GENERATIONS, Generation
from sandbox.values.new.writing import write_group
from sandbox.values.old.writing import write_rows
from sandbox.values.payload import Payload

Engine = Callable[[Context, Payload, ImportOptions], Report]


@dataclass(frozen=True)
class ValueBehaviour:
    """How one generation treats data values, as recorded from 2.42.4.1 and 2.43.0.

    generation                 what distinguishes it elsewhere
    engine                     who decides what is written
    strict_json                a number where a text belongs is a 500, broken JSON a 400
    completes_despite_conflicts         a `completeDate` completes although rows were refused
    shared_at_root                     what a read names once stands once, at the root
    offers_a_file              a read comes as an attachment
    drops_unknown_ids          a read forgets ids that are not there, and may have none left
    reads_by_accept            the Accept header chooses CSV
    reads_by_last_updated      `lastUpdated` alone is enough to read by
    group_and_children         code and message when a read wants both
    groups_for_superusers      `orgUnitGroup` gives others nothing
    silent_outside_the_tree    200 without a byte instead of E2012
    tombstones_for_nothing     deleting what never was leaves a deleted row
    """

    generation: Generation
    engine: Engine
    strict_json: bool
    completes_despite_conflicts: bool
    shared_at_root: bool
    offers_a_file: bool
    drops_unknown_ids: bool
    reads_by_accept: bool
    reads_by_last_updated: bool
    group_and_children: tuple[str, str]
    groups_for_superusers: bool
    silent_outside_the_tree: bool
    tombstones_for_nothing: bool


VALUE_BEHAVIOUR = {
    "2.42": ValueBehaviour(
        generation=GENERATIONS["2.42"],
        engine=write_rows,
        strict_json=False,
        completes_despite_conflicts=True,
        shared_at_root=False,
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
    ),
    "2.43": ValueBehaviour(
        generation=GENERATIONS["2.43"],
        engine=write_group,
        strict_json=True,
        completes_despite_conflicts=False,
        shared_at_root=True,
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
    ),
}
