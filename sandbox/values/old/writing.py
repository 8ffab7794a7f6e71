"""The import of the old engine (2.42): row by row, good rows beside refused ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sandbox.entry.context import Context
from sandbox.entry.import_options import ImportOptions, schemes_of
from sandbox.entry.import_summary import Counts, Report
from sandbox.entry.types import YES, is_zero, stored
from sandbox.state.world import Json, StoredValue, ValueKey
from sandbox.values.old.cells import ABSENT, Cell, Import, ImportAbortedError, RowRefusal, look_up
from sandbox.values.old.checks import refusal_of
from sandbox.values.payload import Payload, Row

NUL = "\0"
DONE = "Import process completed successfully"
OVER_A_VALUE = ("UPDATE", "CREATE_AND_UPDATE", "DELETE")
OVER_NOTHING = ("CREATE", "CREATE_AND_UPDATE")


@dataclass
class Outcome:
    """What has become of the rows so far.

    `waiting` are new rows that reach the table at the end; of two for one cell the first stays.
    """

    counts: Counts = field(default_factory=Counts)
    refused: dict[tuple[str, str], tuple[RowRefusal, list[int]]] = field(default_factory=dict)
    rejected: list[int] = field(default_factory=list)
    waiting: dict[ValueKey, StoredValue] = field(default_factory=dict)


def write_rows(context: Context, payload: Payload, options: ImportOptions) -> Report:
    """Write the rows that pass every check; the report says what became of the others."""
    schemes = schemes_of(payload.schemes, options.schemes)
    named = payload.data_set or options.data_set
    data_set = context.lookups.find("dataSet", schemes["dataSet"], named) if named else None
    if named and data_set is None:
        return _unknown_data_set(named)
    job = Import(
        context, options, schemes, context.lookups.data_sets[data_set] if data_set else None
    )
    outcome = Outcome()
    try:
        for row in payload.rows:
            _import_row(job, row, outcome)
        _flush(job, outcome.waiting)
    except ImportAbortedError as reason:
        return aborted_report(str(reason))
    return _report(outcome)


def _unknown_data_set(named: str) -> Report:
    text = f"Data set {ABSENT}: `{named}`"
    refusal = RowRefusal("E7600", "dataSet", text, {"dataSet": named})
    description = "Import process was aborted"
    return Report("ERROR", Counts(), [refusal.conflict()], description=description, complete=None)


def aborted_report(reason: str) -> Report:
    """The report of an import that an exception ended; it counts nothing."""
    description = f"The import process failed: {reason}"
    return Report("ERROR", Counts(), description=description, complete=None)


def _import_row(job: Import, row: Row, outcome: Outcome) -> None:
    cell = look_up(job, row)
    refusal = cell if isinstance(cell, RowRefusal) else refusal_of(job, cell)
    if isinstance(cell, RowRefusal) or refusal:
        _refuse(row, refusal, outcome)
    else:
        _write(job, cell, outcome)


def _refuse(row: Row, refusal: RowRefusal | None, outcome: Outcome) -> None:
    outcome.counts.ignored += 1
    outcome.rejected.append(row.index)
    if refusal:
        same = outcome.refused.setdefault((refusal.code, refusal.text), (refusal, []))
        same[1].append(row.index)


def _write(job: Import, cell: Cell, outcome: Outcome) -> None:
    key = ValueKey(
        *(cell.element["id"], cell.period.id, cell.org_unit),
        *(cell.option_combo, cell.attribute_combo),
    )
    there = job.context.world.values.get(key)
    incoming = _incoming(job, cell, there)
    over_a_value = there is not None and not there.deleted
    if job.options.strategy not in (OVER_A_VALUE if over_a_value else OVER_NOTHING):
        _refuse(cell.row, None, outcome)
    elif there is None:
        _create(cell, key, incoming, outcome)
    elif there.deleted:
        _update(job, key, incoming)
        outcome.counts.imported += 1
    else:
        _overwrite(job, cell, (key, there, incoming), outcome.counts)


def _incoming(job: Import, cell: Cell, there: StoredValue | None) -> StoredValue:
    text = (cell.row.value or "").strip()
    second = job.context.now.replace(microsecond=0)
    return StoredValue(
        value=stored(cell.element["valueType"], text, YES) if text else None,
        stored_by=cell.row.stored_by or job.context.user.username,
        created=there.created if there else second,
        last_updated=second,
        comment=cell.row.comment or None,
        followup=cell.row.followup,
        deleted=job.deletes(cell.row),
    )


def _overwrite(
    job: Import, cell: Cell, values: tuple[ValueKey, StoredValue, StoredValue], counts: Counts
) -> None:
    key, there, incoming = values
    if incoming.deleted or _is_empty(incoming) or _drops_zero(cell):
        _update(job, key, replace(incoming, deleted=True))
        counts.deleted += 1
    elif _content(incoming) == _content(there):
        counts.ignored += 1
    else:
        _update(job, key, incoming)
        counts.updated += 1


def _create(cell: Cell, key: ValueKey, incoming: StoredValue, outcome: Outcome) -> None:
    if _drops_zero(cell):
        return
    if _is_empty(incoming):
        outcome.counts.ignored += 1
        return
    if key not in outcome.waiting:
        outcome.counts.imported += 1
        outcome.waiting[key] = incoming


def _drops_zero(cell: Cell) -> bool:
    element = cell.element
    return (
        not element.get("zeroIsSignificant", False)
        and element.get("aggregationType") != "AVERAGE"
        and is_zero(element["valueType"], cell.row.value or "")
    )


def _is_empty(incoming: StoredValue) -> bool:
    return incoming.value is None and incoming.comment is None


def _content(value: StoredValue) -> tuple[str | None, str | None, bool]:
    return value.value, value.comment, value.followup


def _update(job: Import, key: ValueKey, incoming: StoredValue) -> None:
    if _has_nul(incoming):
        raise ImportAbortedError("Failed to update object")
    if not job.options.dry_run:
        job.context.world.values[key] = incoming


def _flush(job: Import, waiting: Mapping[ValueKey, StoredValue]) -> None:
    if any(_has_nul(incoming) for incoming in waiting.values()):
        raise ImportAbortedError("Failed to flush BatchHandler")
    if not job.options.dry_run:
        job.context.world.values.update(waiting)


def _has_nul(incoming: StoredValue) -> bool:
    return NUL in (incoming.value or "") + (incoming.comment or "")


def _report(outcome: Outcome) -> Report:
    conflicts: list[Json] = [
        refusal.conflict() | {"indexes": indexes} for refusal, indexes in outcome.refused.values()
    ]
    return Report(
        status="WARNING" if conflicts else "SUCCESS",
        counts=outcome.counts,
        conflicts=conflicts,
        rejected=outcome.rejected,
        description=DONE,
    )
