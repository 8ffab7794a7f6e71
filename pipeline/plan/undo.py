"""Plan to undo a run: a sealed plan of the ledger's earlier values, which `load` sends."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import polars as pl

from pipeline import __version__
from pipeline.cells.key import KEY
from pipeline.cells.packing import unpack
from pipeline.config.fingerprint import config_fingerprint
from pipeline.dhis2.http.client import Client
from pipeline.dhis2.system import read_system
from pipeline.files.frames import write_frame
from pipeline.files.whole import write_json
from pipeline.ledger.settling import settle
from pipeline.plan.assembling import assemble, period_days
from pipeline.plan.deciding import unless_approved
from pipeline.plan.rules.deciding import PlanPolicy, decide
from pipeline.plan.rules.guards import Before, alarms, insist_on_known
from pipeline.plan.rules.site_register import with_sites
from pipeline.plan.rules.undo import cells_to_undo, with_undo_reasons
from pipeline.plan.stage import PLAN_COLUMNS, limits_of
from pipeline.plan.target import TargetState, read_target_state
from pipeline.plan.writing import Basis, keep_plan
from pipeline.report.plan import PlanSummary
from pipeline.run.folder import RunFolder
from pipeline.run.records import Extract, read_extract
from pipeline.run.work import Work
from pipeline.store.records import Image, RunRecord
from pipeline.tables import read_mapping, read_sites
from pipeline.tables.rulings import rulings_fingerprint
from pipeline.text.errors import RefusedError
from pipeline.text.wording import count
from schemas.frames import PackedCells, PackedValues, Rejects, empty

NO_REJECTS = empty(Rejects)
NEXT_NIGHT = (
    "the next run follows tracker again and would write these numbers once more: mend their cause "
    "before it, or stop the schedule"
)


def undo(
    work: Work, undone: RunFolder, target: Client, now: datetime, allowed: Mapping[str, str]
) -> PlanSummary:
    """Leave a sealed plan in the run's folder that sets back what the other run wrote.

    Only cells that are as that run left them are written; the others are told. Raises
    `RefusedError` when there is nothing to undo.
    """
    extract = replace(
        _extract_of(undone),
        target_system_id=read_system(target).system_id,  # a guard asks if the run wrote to another
        run_id=work.run.run_id,
        started_at=now,
        unknown_indicators={},
        silent_indicators=[],
    )
    state = read_target_state(work, target, extract)
    settle(work, target, state.info, now)
    written = unpack(
        work.store.written_by(undone.run_id, state.known_as), work.store.dictionaries()
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
    _leave_papers(work, undone, cells, extract)
    assembled = _assembled(work, target, state, extract)
    decided = _decided(work, target, state, assembled, cells)
    others = assembled.join(cells, on=KEY, how="anti").with_columns(
        action=pl.lit("keep"), delete=pl.lit(value=False)
    )
    measured = ["action", "delete", "data_set", "org_unit", "ledger_value", "current_value"]
    return keep_plan(
        work,
        decided,
        Basis(
            state,
            read_mapping(work.deployment.mappings(work.name)).fingerprint,
            rulings_fingerprint(
                work.deployment.transfer_folder(work.name),
                work.deployment.mappings(work.name),
                now.date(),
            ),
            now,
            allowed,
        ),
        alarms=alarms(
            pl.concat([decided.select(measured), others.select(measured)]),
            rows=None,
            mapping_rows=0,
            before=Before(),
            limits=limits_of(work),
            target=state.identity,
            names=state.forms.display_names,
        ),
        rejects=NO_REJECTS,
        notes=_notes(undone, written, cells, decided),
    )


def _extract_of(run: RunFolder) -> Extract:
    """Give what a run asked; one that undid another asked what that one had asked."""
    told = run.read_json("transform.json", "transform")
    while "undoes" in told:
        run = RunFolder(run.path.with_name(told["undoes"]))
        told = run.read_json("transform.json", "transform")
    return read_extract(run)


def _leave_papers(work: Work, undone: RunFolder, cells: pl.DataFrame, extract: Extract) -> None:
    """Leave what later stages ask of a run: one that read nothing and knows what cells are to be.

    There is no extract.json, so that nobody plans it as if tracker had said this.
    """
    values = cells.select(*KEY, "value").drop_nulls()
    papers = {
        "values": values,
        "doubtful": cells.select(KEY).clear(),
        "rejects": NO_REJECTS,
    }
    for name, frame in papers.items():
        write_frame(work.run.path / f"{name}.parquet", frame)
    tables = read_mapping(work.deployment.mappings(work.name))
    counts = {"rows": 0, "accepted": 0, "rejects": 0, "values": 0}
    told = {
        **counts,
        "run_id": work.run.run_id,
        "undoes": undone.run_id,
        "mapping_rows": tables.data_elements.height,
        "mapping_hash": tables.fingerprint,
    }
    record = RunRecord(
        run_id=work.run.run_id,
        transfer=work.name,
        started_at=extract.started_at,
        mapping_hash=tables.fingerprint,
        config_hash=config_fingerprint(work.settings),
        source_system_id=extract.source_system_id,
        target_system_id=extract.target_system_id,
        first_period=min(cells["period"].to_list()),
        last_period=max(cells["period"].to_list()),
        tally_version=__version__,
        **counts,
    )
    unasked = Image(*(pl.DataFrame(schema={"id": pl.UInt64}) for _ in Image._fields))
    known = work.store.dictionaries()
    change = work.store.commit_snapshot(
        record, known, unasked, empty(PackedValues), empty(PackedCells)
    )
    write_json(work.run.path / "transform.json", {**told, "change": change._asdict()})


def _assembled(work: Work, target: Client, state: TargetState, extract: Extract) -> pl.DataFrame:
    """Give what is known of each cell, and where the site register shuts it."""
    cells = assemble(work, target, state, extract)
    sites = read_sites(work.deployment.mappings(work.name))
    return with_sites(cells, sites, period_days(extract)).drop("favour", "site_line")


def _decided(
    work: Work, target: Client, state: TargetState, assembled: pl.DataFrame, cells: pl.DataFrame
) -> pl.DataFrame:
    """Decide as ever, with the earlier values in the place of tracker's; what vanished goes."""
    policy = PlanPolicy(zeros=work.settings.policy.zeros)
    marked = assembled.join(
        cells.select(*KEY, "given_back", "by_hand"), on=KEY, how="inner", validate="1:1"
    ).with_columns(in_image=pl.lit(value=True), unknown=pl.lit(value=False))
    decided = unless_approved(target, state, marked, decide(marked, policy), policy)
    return with_undo_reasons(decided).select(PLAN_COLUMNS).sort("data_set", *KEY, nulls_last=True)


def _notes(
    undone: RunFolder, written: pl.DataFrame, cells: pl.DataFrame, decided: pl.DataFrame
) -> list[str]:
    """Say what this plan is, and how much of the run it leaves as it is."""
    notes = [f"this plan undoes run {undone.run_id}; no number of it comes from tracker"]
    if later := written.height - cells.height:
        notes.append(
            f"left as they are, because they were written again since: {count(later, 'value')}"
        )
    if gone := cells.height - decided.height:
        notes.append(
            f"left as they are, because they left the mapping or the scope: {count(gone, 'value')}"
        )
    return [*notes, NEXT_NIGHT]
