"""Plan to undo a run: a sealed plan of the ledger's earlier values, which `load` sends."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline import __version__
from pipeline.cells.key import KEY
from pipeline.cells.packing import unpack
from pipeline.config.fingerprint import config_fingerprint
from pipeline.dhis2.http.client import Client
from pipeline.dhis2.system import read_system
from pipeline.files.frames import write_frame
from pipeline.plan.assembling import assemble
from pipeline.plan.context import PlanContext, open_context
from pipeline.plan.deciding import decide_unless_approved, in_plan_order
from pipeline.plan.rules.decisions import with_closed_sites
from pipeline.plan.rules.guards import alarms_of_undoing, insist_on_known
from pipeline.plan.rules.policy import PlanPolicy
from pipeline.plan.rules.undo import cells_to_undo, with_undo_reasons
from pipeline.plan.writing import Basis, keep_plan
from pipeline.report.plan import PlanSummary
from pipeline.run.folder import RunFolder
from pipeline.run.records import Extract, TransformRecord, read_record, write_record
from pipeline.run.work import Work
from pipeline.store.records import Image, RunRecord
from pipeline.tables import read_decisions, read_sites
from pipeline.tables.rulings import fingerprint_of
from pipeline.text.errors import RefusedError
from pipeline.text.wording import count
from schemas.frames import empty, trusted
from schemas.plan import Plan, PlanCells
from schemas.values import PackedCells, PackedValues, Rejects, Values

NEXT_NIGHT = (
    "the next run follows tracker again and would write these numbers once more: mend their cause "
    "before it, or stop the schedule"
)


def undo(
    work: Work, undone: RunFolder, target: Client, now: datetime, allowed: Mapping[str, str]
) -> PlanSummary:
    """Leave a sealed plan in the run's folder that sets back what the other run wrote.

    Only cells that are as that run left them are written; the others are counted in its notes.
    Raises `RefusedError` when there is nothing to undo.
    """
    system_id = read_system(target).system_id  # a guard asks if the run wrote to another
    context = open_context(work, target, _extract_for(work, undone, system_id, now), now)
    written = unpack(
        work.store.written_by(undone.run_id, context.state.known_as), context.dictionaries
    )
    cells = cells_to_undo(written, pl.read_parquet(undone.require("plan.parquet", "plan")))
    if cells.is_empty():
        raise RefusedError(
            f"nothing of run {undone.run_id} can be undone: it wrote "
            f"{count(written.height, 'value')}, and none stands as it left it",
            where=str(undone.path),
            remedy=f"`tally show {work.name} --run {undone.run_id}` tells what it did; if later "
            "runs wrote the same values, undo those first, the newest before the others",
        )
    insist_on_known(allowed)
    _leave_files(context, undone, cells)
    mappings = work.deployment.mappings(work.name)
    sites = read_sites(mappings)
    decisions = read_decisions(work.deployment.transfer_folder(work.name), now.date())
    assembly = assemble(context)
    assembled = with_closed_sites(assembly.cells(assembly.sides), sites, context.days)
    decided = _decided(context, assembled, cells)
    return keep_plan(
        context,
        decided,
        Basis(context.tables.fingerprint, fingerprint_of(decisions, sites), allowed),
        alarms=alarms_of_undoing(decided, context.state.identity),
        rejects=empty(Rejects),
        notes=_notes(undone, written, cells, decided),
    )


def _extract_for(work: Work, undone: RunFolder, system_id: str, now: datetime) -> Extract:
    """What the undone run asked, as if this run had asked it and every indicator had answered.

    A run that undid another asked what that one had asked.
    """
    run = undone
    while (earlier := read_record(run, TransformRecord).undoes) is not None:
        run = RunFolder(run.path.with_name(earlier))
    return replace(
        read_record(run, Extract),
        target_system_id=system_id,
        run_id=work.run.run_id,
        started_at=now,
        unknown_indicators={},
        silent_indicators=[],
    )


def _leave_files(context: PlanContext, undone: RunFolder, cells: pl.DataFrame) -> None:
    """Leave what later stages ask of a run: one that read nothing and knows what cells are to be.

    There is no extract.json, so that nobody plans it as if tracker had said this.
    """
    run = context.work.run
    values = trusted(cells.select(*KEY, "value").drop_nulls(), Values)
    write_frame(run.path / "values.parquet", values)
    write_frame(run.path / "doubtful.parquet", cells.select(KEY).clear())
    write_frame(run.path / "rejects.parquet", empty(Rejects))
    record = TransformRecord(
        run_id=run.run_id,
        rows=0,
        accepted=0,
        rejects=0,
        values=0,
        mapping_rows=context.tables.data_elements.height,
        mapping_hash=context.tables.fingerprint,
        undoes=undone.run_id,
    )
    unasked = Image(*(pl.DataFrame(schema={"id": pl.UInt64}) for _ in Image._fields))
    change = context.work.store.commit_snapshot(
        _run_record(context, record, cells["period"].to_list()),
        context.dictionaries,
        unasked,
        empty(PackedValues),
        empty(PackedCells),
    )
    write_record(run, replace(record, change=change))


def _run_record(context: PlanContext, record: TransformRecord, periods: list[str]) -> RunRecord:
    work, extract = context.work, context.extract
    return RunRecord(
        run_id=record.run_id,
        transfer=work.name,
        started_at=extract.started_at,
        mapping_hash=record.mapping_hash,
        config_hash=config_fingerprint(work.settings),
        source_system_id=extract.source_system_id,
        target_system_id=extract.target_system_id,
        rows=record.rows,
        accepted=record.accepted,
        rejects=record.rejects,
        values=record.values,
        first_period=min(periods),
        last_period=max(periods),
        tally_version=__version__,
    )


def _decided(
    context: PlanContext, assembled: DataFrame[PlanCells], cells: pl.DataFrame
) -> DataFrame[Plan]:
    """Decide as ever, with the earlier values in the place of tracker's; what vanished goes."""
    policy = PlanPolicy(zeros=context.work.settings.policy.zeros)
    asked = assembled.join(
        cells.select(KEY), on=KEY, how="semi", maintain_order="left"
    ).with_columns(
        in_image=pl.lit(value=True),
        unknown=pl.lit(value=False),
        total_stayed=pl.lit(value=False),
    )
    decided = decide_unless_approved(context, trusted(asked, PlanCells), policy)
    return in_plan_order(with_undo_reasons(decided, cells))


def _notes(
    undone: RunFolder, written: pl.DataFrame, cells: pl.DataFrame, decided: pl.DataFrame
) -> list[str]:
    """What this plan is, and how much of the run it leaves as it is."""
    notes = [f"this plan undoes run {undone.run_id}; no number of it comes from tracker"]
    if later := written.height - cells.height:
        notes.append(
            f"left as they are, because they were written again since: {count(later, 'value')}"
        )
    if lost := cells.height - decided.height:
        notes.append(
            f"left as they are, because they left the mapping or the scope: {count(lost, 'value')}"
        )
    return [*notes, NEXT_NIGHT]
