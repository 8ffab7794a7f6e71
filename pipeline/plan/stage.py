"""Compare tracker, target and ledger, and write down one action per cell, sealed."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import polars as pl

from pipeline.cells.key import KEY
from pipeline.dhis2.http.client import Client
from pipeline.dhis2.system import read_system
from pipeline.files.whole import read_json_or_nothing
from pipeline.ledger import journal
from pipeline.ledger.settling import settle
from pipeline.plan.assembling import assemble, period_days
from pipeline.plan.deciding import PlanContext, decide_and_confirm, policy_of
from pipeline.plan.decisions import read_rulings
from pipeline.plan.late_corrections import keep_late_corrections
from pipeline.plan.rules.deciding import DECISION_COLUMNS
from pipeline.plan.rules.decisions import with_rulings
from pipeline.plan.rules.guards import Before, GuardLimits, alarms, insist_on_known
from pipeline.plan.target import read_target_state
from pipeline.plan.writing import Basis, keep_plan
from pipeline.probes.failpoints import reach
from pipeline.report.plan import PlanSummary
from pipeline.run.folder import RunFolder
from pipeline.run.records import Extract, read_extract
from pipeline.run.work import Work
from pipeline.text.errors import RefusedError
from pipeline.text.wording import count

PLAN_COLUMNS = (
    *KEY,
    "data_set",
    "tracker_value",
    "current_value",
    "ledger_value",
    "action",
    "wanted_action",
    "reason_id",
    "reason",
    "send",
    "delete",
    "closes_ledger",
    *DECISION_COLUMNS,
    "comment",
    "stored_by",
    "last_updated",
)


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
    extract = read_extract(work.run)
    work.run.require("transform.json", "transform")
    if (work.run.path / "load.json").exists():
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
    told = work.run.read_json("transform.json", "transform")
    state = read_target_state(work, target, extract)
    settle(work, target, state.info, now)
    reach("plan.settled")
    rulings = read_rulings(work, state.forms, now.date())
    cells = with_rulings(
        assemble(work, target, state, extract),
        rulings.decisions.standing,
        rulings.sites,
        period_days(extract),
    )
    context = PlanContext(work, source, target, state, extract)
    decided = (
        decide_and_confirm(context, cells, policy_of(context, retire=retire))
        .select(PLAN_COLUMNS)
        .sort("data_set", *KEY, nulls_last=True)
    )
    found = alarms(
        decided,
        rows=None if extract.is_narrow else told["rows"],
        mapping_rows=told["mapping_rows"],
        before=_before(work),
        limits=limits_of(work),
        analytics_age=_analytics_age(source, extract),
        target=state.identity,
        names=state.forms.display_names,
    )
    return keep_plan(
        work,
        decided,
        Basis(state, told["mapping_hash"], rulings.fingerprint, now, allowed),
        alarms=found,
        rejects=pl.read_parquet(work.run.path / "rejects.parquet"),
        notes=[
            *_limits_of_run(extract),
            *keep_late_corrections(context, decided, now),
            *rulings.notes(decided),
        ],
    )


def limits_of(work: Work) -> GuardLimits:
    """Give the thresholds of the transfer's guards."""
    guards = work.settings.guards
    return GuardLimits(
        guards.max_retractions,
        guards.max_retraction_share,
        guards.max_site_retraction_share,
        guards.small_site,
        guards.min_extract_share,
        guards.max_mapping_rows_lost,
        work.settings.source.max_analytics_age,
    )


def _analytics_age(source: Client, extract: Extract) -> timedelta | None:
    """Tell how old by now, on the source's own clock, the tables are that were extracted from."""
    try:
        built = datetime.fromisoformat(extract.analytics_built)
    except ValueError:  # never built, or on a server that does not tell
        return None
    return read_system(source).now - built


def _limits_of_run(extract: Extract) -> list[str]:
    if not extract.is_narrow:
        return []
    org_units, periods = len(extract.org_units), len(extract.periods)
    told = f"{count(org_units, 'org unit')} and {count(periods, 'period')}"
    return [f"this run is about {told} only, as it was asked; nothing else is touched"]


def _before(work: Work) -> Before:
    """Find the last loaded run before this one that followed tracker everywhere."""
    for folder in sorted(work.run.path.parent.iterdir(), reverse=True):
        told = read_json_or_nothing(folder / "transform.json")
        counts = told and "undoes" not in told and (folder / "load.json").exists()
        counts = counts and not read_extract(RunFolder(folder)).is_narrow
        if folder.name < work.run.run_id and counts:
            return Before(told["rows"], told["mapping_rows"])
    return Before()
