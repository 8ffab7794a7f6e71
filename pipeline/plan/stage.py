"""Compare tracker, target and ledger, and write down one action per cell, sealed."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.dictionaries import Dictionaries
from pipeline.dhis2.http.client import Client
from pipeline.dhis2.system import read_system
from pipeline.ledger import journal
from pipeline.plan.assembling import Assembly, assemble
from pipeline.plan.context import PlanContext, open_context
from pipeline.plan.deciding import decide_and_confirm, in_plan_order, policy_of
from pipeline.plan.decisions import read_rulings
from pipeline.plan.late_corrections import keep_late_corrections
from pipeline.plan.plain import SetApart, numbered_forms, set_apart
from pipeline.plan.remainders import record_remainders
from pipeline.plan.rules.decisions import with_rulings
from pipeline.plan.rules.growth import SETTLED_DAYS, GrowthLimits, growth_alarms
from pipeline.plan.rules.guards import Alarm, Before, GuardLimits, alarms, insist_on_known
from pipeline.plan.rules.option_filters import changed_filters, filter_alarms
from pipeline.plan.rules.plain_cells.census import kept_groups, plain_counts
from pipeline.plan.writing import Basis, Plain, keep_plan
from pipeline.report.plan import PlanSummary
from pipeline.run.folder import RunFolder
from pipeline.run.metadata import indicator_names
from pipeline.run.records import (
    Extract,
    LoadRecord,
    TransformRecord,
    find_record,
    has_record,
    read_record,
)
from pipeline.run.work import Work
from pipeline.text.errors import RefusedError
from pipeline.text.wording import count
from schemas.plan import Plan
from schemas.server import SystemInfo


def plan(
    work: Work,
    source: Client,
    target: Client,
    now: datetime,
    allowed: Mapping[str, str],
    *,
    retire: bool = False,
) -> PlanSummary:
    """Leave plan.parquet, plan.json (the seal) and plan.md in the run's folder.

    `allowed` gives, per guard that may be passed, the reason somebody gave. `retire`: what is
    ours and left the mapping or the scope is taken back.
    """
    insist_on_known(allowed)
    extract = read_record(work.run, Extract)
    work.run.require(TransformRecord.FILE, TransformRecord.MADE_BY)
    _insist_on_unsent(work)
    transformed = read_record(work.run, TransformRecord)
    source_info = read_system(source)
    context = open_context(work, target, extract, now)
    rulings = read_rulings(work, context.state.forms, now.date())
    policy = policy_of(work.settings, extract.periods, retire=retire)
    assembly = assemble(context)
    apart = set_apart(assembly, rulings, policy)
    cells = with_rulings(
        assembly.cells(apart.rest), rulings.decisions.standing, rulings.sites, context.days
    )
    decided = in_plan_order(decide_and_confirm(context, source, cells, policy, apart.approvals))
    return keep_plan(
        context,
        decided,
        Basis(transformed.mapping_hash, rulings.fingerprint, allowed),
        Plain(apart.kept, apart.new, plain_counts(*apart[:2], *_numbers(assembly))),
        alarms=_alarms(assembly, decided, apart, transformed, source_info),
        rejects=pl.read_parquet(work.run.path / "rejects.parquet"),
        notes=[
            *_limits_of_run(extract),
            *keep_late_corrections(context, decided, apart.new),
            *record_remainders(context, decided),
            *rulings.notes(decided),
        ],
    )


def _alarms(
    assembly: Assembly,
    decided: DataFrame[Plan],
    apart: SetApart,
    transformed: TransformRecord,
    source_info: SystemInfo,
) -> list[Alarm]:
    """All guards that the plan trips."""
    context = assembly.context
    work, extract = context.work, context.extract
    before = _before(work.run)
    names = context.state.forms.display_names
    kept = kept_groups(apart.kept, *_numbers(assembly), _settled(context))
    found = alarms(
        decided,
        rows=None if extract.is_narrow else transformed.rows,
        mapping_rows=transformed.mapping_rows,
        before=before,
        limits=limits_of(work),
        analytics_age=_analytics_age(source_info, extract),
        target=context.state.identity,
        names=names,
        kept=kept,
    )
    found += filter_alarms(
        decided,
        context.mapping,
        changed_filters(before.option_filters, extract.option_filters),
        indicator_names(work.run),
    )
    columns = ("data_set", "data_element", "org_unit", "tracker_value", "ledger_value")
    settled = decided.filter(pl.col("period").is_in(_settled(context).implode())).select(columns)
    return found + growth_alarms(settled, growth_limits_of(work), names, kept)


def _numbers(assembly: Assembly) -> tuple[pl.DataFrame, Dictionaries]:
    return numbered_forms(assembly), assembly.context.dictionaries


def _insist_on_unsent(work: Work) -> None:
    """Refuse a run of which something was sent: its plan is history."""
    if has_record(work.run, LoadRecord):
        raise RefusedError(
            "this run was loaded already",
            where=str(work.run.path),
            remedy=f"begin a new run with `tally run {work.name}`",
        )
    if journal.begun(work.run):
        raise RefusedError(
            "the load of this run was begun",
            where=str(work.run.chunks),
            remedy=f"go on with `tally load {work.name} --resume`, or begin a new run",
        )


def limits_of(work: Work) -> GuardLimits:
    """The thresholds of the transfer's guards."""
    guards = work.settings.guards
    return GuardLimits(
        guards.max_retractions,
        guards.max_retraction_share,
        guards.max_site_retraction_share,
        guards.small_site,
        guards.min_extract_share,
        guards.max_mapping_rows_lost,
        work.settings.source.max_analytics_age,
        guards.max_total_retraction_share,
    )


def growth_limits_of(work: Work) -> GrowthLimits:
    """The thresholds of what may grow from one load to the next."""
    guards = work.settings.guards
    return GrowthLimits(
        guards.max_changed_share, guards.max_growth, guards.max_site_growth, guards.small_site
    )


def _settled(context: PlanContext) -> pl.Series:
    """The periods that ended long ago, of which a normal night changes little."""
    last = context.now.date() - timedelta(days=SETTLED_DAYS)
    return context.days.filter(pl.col("end") <= last)["period"]


def _analytics_age(source: SystemInfo, extract: Extract) -> timedelta | None:
    """How old by now, on the source's own clock, the tables are that were extracted from."""
    try:
        built = datetime.fromisoformat(extract.analytics_built)
    except ValueError:  # never built, or on a server that does not tell
        return None
    return source.now - built


def _limits_of_run(extract: Extract) -> list[str]:
    if not extract.is_narrow:
        return []
    org_units, periods = len(extract.org_units), len(extract.periods)
    limits = f"{count(org_units, 'org unit')} and {count(periods, 'period')}"
    return [f"this run is about {limits} only, as it was asked; nothing else is touched"]


def _before(run: RunFolder) -> Before:
    """The last loaded run before this one that followed tracker everywhere."""
    for folder in sorted(run.path.parent.iterdir(), reverse=True):
        earlier = RunFolder(folder)
        if folder.name >= run.run_id or not has_record(earlier, LoadRecord):
            continue
        transformed = find_record(earlier, TransformRecord)
        if transformed is None or transformed.is_undo:
            continue
        extract = read_record(earlier, Extract)
        if not extract.is_narrow:
            return Before(transformed.rows, transformed.mapping_rows, extract.option_filters)
    return Before()
