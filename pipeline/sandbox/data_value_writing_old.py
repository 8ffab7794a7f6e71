"""How the old engine writes: row by row, good rows beside bad ones, sometimes half of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from pipeline.sandbox.data_value_checks_old import (
    BrokenOffError,
    Cell,
    Import,
    Refusal,
    deletes,
    look_up,
    refusal_of,
)
from pipeline.sandbox.data_value_facts import Facts
from pipeline.sandbox.data_value_payload import ImportOptions, Payload, Row
from pipeline.sandbox.data_value_reports import OLD_DONE, Counts, Report
from pipeline.sandbox.data_value_types import YES, is_zero, stored
from pipeline.sandbox.world import Json, StoredValue, User, ValueKey, World

NUL = "\0"
ALWAYS_COUNTS_ZEROS = "AVERAGE"


@dataclass
class Outcome:
    """What has happened so far; `waiting` are new rows that reach the table at the end."""

    counts: Counts = field(default_factory=Counts)
    refused: dict[tuple[str, str], tuple[Refusal, list[int]]] = field(default_factory=dict)
    rejected: list[int] = field(default_factory=list)
    waiting: dict[ValueKey, StoredValue] = field(default_factory=dict)


def write_rows(
    world: World, user: User, payload: Payload, options: ImportOptions, now: datetime
) -> Report:
    """Write the rows that pass every check and tell what became of the others."""
    facts = Facts(world)
    schemes = schemes_of(payload.schemes, options.schemes)
    named = payload.data_set or options.data_set
    data_set = facts.find("dataSet", schemes["dataSet"], named) if named else None
    if named and data_set is None:
        return _aborted(named)
    job = Import(
        world, facts, user, options, schemes, facts.data_sets[data_set] if data_set else None, now
    )
    outcome = Outcome()
    try:
        for row in payload.rows:
            _take(job, row, outcome)
        _flush(job, outcome)
    except BrokenOffError as reason:
        return broken_off(str(reason))
    return _report(job, payload, outcome)


def schemes_of(*asked: Mapping[str, str]) -> dict[str, str]:
    """Give the id scheme of each kind of object; what is asked later counts more."""
    merged = {name: scheme for mapping in asked for name, scheme in mapping.items()}
    common = merged.get("idScheme", "UID")
    kinds = ("dataSet", "dataElement", "orgUnit", "categoryOptionCombo", "attributeOptionCombo")
    return {kind: merged.get(f"{kind}IdScheme", common) for kind in kinds}


def _aborted(named: str) -> Report:
    refusal = Refusal(
        "E7600",
        f"Data set not found or not accessible: `{named}`",
        {"dataSet": named},
        "dataSet",
    )
    conflict = refusal.conflict([])
    del conflict["indexes"]
    return Report("ERROR", Counts(), [conflict], description="Import process was aborted")


def broken_off(reason: str) -> Report:
    """Give the report of an import that an exception ended; it counts nothing."""
    return Report("ERROR", Counts(), description=f"The import process failed: {reason}")


def _take(job: Import, row: Row, outcome: Outcome) -> None:
    cell = look_up(job, row)
    refusal = cell if isinstance(cell, Refusal) else refusal_of(job, cell)
    if isinstance(cell, Refusal) or refusal:
        _refuse(row, refusal, outcome)
        return
    _write(job, cell, outcome)


def _refuse(row: Row, refusal: Refusal | None, outcome: Outcome) -> None:
    outcome.counts.ignored += 1
    outcome.rejected.append(row.index)
    if refusal:
        same = outcome.refused.setdefault((refusal.code, refusal.text), (refusal, []))
        same[1].append(row.index)


def _write(job: Import, cell: Cell, outcome: Outcome) -> None:
    key = ValueKey(
        cell.element_id, cell.period.id, cell.org_unit, cell.option_combo, cell.attribute_combo
    )
    there = job.world.values.get(key)
    incoming = _incoming(job, cell, there)
    if there is not None and not there.deleted:
        _over_a_value(job, cell, key, incoming, outcome)
    elif job.options.strategy not in ("CREATE", "CREATE_AND_UPDATE"):
        _refuse(cell.row, None, outcome)
    elif there is not None:
        _update(job, key, incoming)
        outcome.counts.imported += 1
    else:
        _anew(cell, key, incoming, outcome)


def _incoming(job: Import, cell: Cell, there: StoredValue | None) -> StoredValue:
    text = (cell.row.value or "").strip()
    second = job.now.replace(microsecond=0)
    return StoredValue(
        value=stored(cell.element["valueType"], text, YES) if text else None,
        stored_by=cell.row.stored_by or job.user.username,
        created=there.created if there else second,
        last_updated=second,
        comment=cell.row.comment or None,
        followup=cell.row.followup,
        deleted=deletes(job, cell.row),
    )


def _over_a_value(
    job: Import, cell: Cell, key: ValueKey, incoming: StoredValue, outcome: Outcome
) -> None:
    strategy, there = job.options.strategy, job.world.values[key]
    if strategy not in ("UPDATE", "CREATE_AND_UPDATE", "DELETE"):
        _refuse(cell.row, None, outcome)
    elif incoming.deleted or _says_nothing(incoming) or _drops_zero(cell):
        _update(job, key, replace(incoming, deleted=True))
        outcome.counts.deleted += 1
    elif _told(incoming) == _told(there):
        outcome.counts.ignored += 1
    else:
        _update(job, key, incoming)
        outcome.counts.updated += 1


def _anew(cell: Cell, key: ValueKey, incoming: StoredValue, outcome: Outcome) -> None:
    if _drops_zero(cell):
        return
    if _says_nothing(incoming):
        outcome.counts.ignored += 1
        return
    outcome.counts.imported += key not in outcome.waiting
    outcome.waiting[key] = incoming


def _drops_zero(cell: Cell) -> bool:
    element = cell.element
    return (
        not element.get("zeroIsSignificant", False)
        and element.get("aggregationType") != ALWAYS_COUNTS_ZEROS
        and is_zero(element["valueType"], cell.row.value or "")
    )


def _says_nothing(incoming: StoredValue) -> bool:
    return incoming.value is None and incoming.comment is None


def _told(value: StoredValue) -> tuple[str | None, str | None, bool]:
    return value.value, value.comment, value.followup


def _update(job: Import, key: ValueKey, incoming: StoredValue) -> None:
    if _has_nul(incoming):
        raise BrokenOffError("Failed to update object")
    if not job.options.dry_run:
        job.world.values[key] = incoming


def _flush(job: Import, outcome: Outcome) -> None:
    if any(_has_nul(incoming) for incoming in outcome.waiting.values()):
        raise BrokenOffError("Failed to flush BatchHandler")
    if not job.options.dry_run:
        job.world.values.update(outcome.waiting)


def _has_nul(incoming: StoredValue) -> bool:
    return NUL in (incoming.value or "") + (incoming.comment or "")


def _report(job: Import, payload: Payload, outcome: Outcome) -> Report:
    conflicts: list[Json] = [
        refusal.conflict(indexes) for refusal, indexes in outcome.refused.values()
    ]
    return Report(
        status="WARNING" if conflicts else "SUCCESS",
        counts=outcome.counts,
        conflicts=conflicts,
        rejected=outcome.rejected,
        description=OLD_DONE,
    )
