"""Run the stages of a transfer, one by one or all of them, and show what came of each."""

from collections.abc import Mapping
from datetime import UTC, datetime

import polars as pl

from pipeline import presenter
from pipeline.commands.reading import publish_work
from pipeline.commands.reporting import report_work
from pipeline.compare.stage import Report
from pipeline.extract.rules.narrowing import EVERYTHING, Only
from pipeline.extract.stage import extract
from pipeline.files.deployment import Deployment
from pipeline.load.stage import dry_run, load
from pipeline.plan.stage import plan
from pipeline.report.plan import PlanSummary, plan_as_markdown
from pipeline.run.metadata import indicator_names
from pipeline.run.records import Extract, LoadRecord, TransformRecord
from pipeline.run.session import Servers, servers_of, stage, working
from pipeline.run.work import Work
from pipeline.text.errors import ExitCode
from pipeline.text.wording import count, number
from pipeline.transform.stage import transform
from pipeline.verify.rules.findings import called


def extract_run(deployment: Deployment, name: str, *, as_json: bool) -> None:
    """Begin a run and extract it."""
    with (
        working(deployment, name, begin=True) as work,
        servers_of(work) as both,
    ):
        told = _extract(work, both)
    if as_json:
        presenter.show_json({"run": told.run_id, "periods": told.periods})
    else:
        presenter.say(
            f"run {told.run_id}: extracted {count(len(told.periods), 'period')}, "
            f"{count(len(told.org_units), 'org unit')}; next: tally transform {name}"
        )


def _extract(work: Work, both: Servers, only: Only = EVERYTHING) -> Extract:
    with stage("extract", work) as counts, presenter.steps("extract") as steps:
        told = extract(work, both.source, both.target, steps, only)
        counts |= {"periods": len(told.periods), "org_units": len(told.org_units)}
        names = called(told.unknown_indicators, indicator_names(work.run))
        for name, what in zip(names, told.unknown_indicators.values(), strict=True):
            presenter.say(f"program indicator {name} could not be asked: {what}")
    return told


def transform_run(deployment: Deployment, name: str, run: str | None, *, as_json: bool) -> None:
    """Transform a run's responses."""
    with working(deployment, name, run) as work:
        told = _transform(work)
    if as_json:
        presenter.show_json(told.as_record())
    else:
        presenter.say(
            f"{count(told.rows, 'row')} = {number(told.accepted)} accepted + "
            f"{number(told.rejects)} rejected; {count(told.values, 'value')}; "
            f"next: tally plan {name}"
        )


def _transform(work: Work) -> TransformRecord:
    with stage("transform", work) as counts:
        told = transform(work)
        counts |= {"rows": told.rows, "rejects": told.rejects, "values": told.values}
    return told


def plan_run(
    deployment: Deployment,
    name: str,
    run: str | None,
    allowed: Mapping[str, str],
    *,
    retire: bool,
    as_json: bool,
) -> ExitCode:
    """Plan a run, and show the plan."""
    with working(deployment, name, run) as work, servers_of(work) as both:
        summary = _plan(work, both, allowed, retire=retire)
    _show_plan(summary, as_json=as_json)
    return _plan_code(summary)


def _plan(
    work: Work, both: Servers, allowed: Mapping[str, str], *, retire: bool = False
) -> PlanSummary:
    with stage("plan", work) as counts:
        now = datetime.now(tz=UTC)
        summary = plan(work, both.source, both.target, now, allowed, retire=retire)
        counts |= {"actions": dict(summary.actions.rows())}
    return summary


def _show_plan(summary: PlanSummary, *, as_json: bool) -> None:
    if as_json:
        presenter.show_json(summary.as_record())
    else:
        presenter.show_markdown(plan_as_markdown(summary))


def _plan_code(summary: PlanSummary) -> ExitCode:
    if summary.alarms:
        return ExitCode.REFUSED
    return ExitCode.CHANGES_PENDING if summary.writes else ExitCode.DONE


def load_run(
    deployment: Deployment,
    name: str,
    run: str | None,
    allowed: Mapping[str, str],
    *,
    dry_run: bool,
    resume: bool,
    as_json: bool,
) -> ExitCode:
    """Load a run's plan, or only ask what a load would do."""
    with working(deployment, name, run) as work, servers_of(work) as both:
        if dry_run:
            return _show_dry_run(work, both, allowed, as_json=as_json)
        loaded = _load(work, both, allowed, resume=resume)
        told = report_work(work, both.target)
    return _show_loaded(loaded, told, as_json=as_json)


def _load(
    work: Work, both: Servers, allowed: Mapping[str, str], *, resume: bool = False
) -> LoadRecord:
    with stage("load", work) as counts, presenter.steps("load") as steps:
        loaded = load(work, both.target, steps, allowed, resume=resume)
        counts |= {**loaded.counts, "requests": loaded.requests}
    return loaded


def _show_dry_run(
    work: Work, both: Servers, allowed: Mapping[str, str], *, as_json: bool
) -> ExitCode:
    told = [summary.as_record() for summary in dry_run(work, both.target, allowed)]
    if as_json:
        presenter.show_json(told)
    elif not told:
        presenter.say("the plan writes nothing, so the server was asked nothing")
    else:
        counts = ("status", "http_status", "imported", "updated", "ignored", "deleted")
        rows = [{count: one[count] for count in counts} for one in told]
        presenter.show_table(pl.DataFrame(rows), "What the server says it would do")
    sound = all(one["status"] == "SUCCESS" for one in told)
    return ExitCode.DONE if sound else ExitCode.PARTLY_LOADED


def _show_loaded(loaded: LoadRecord, told: Report, *, as_json: bool) -> ExitCode:
    """Show what a load did; raises the letter of a comparison that failed after a whole load."""
    if as_json:
        presenter.show_json(loaded.as_record())
    elif loaded.already:
        presenter.say(f"run {loaded.run_id} was loaded before; nothing was sent")
    else:
        presenter.show_markdown(told.text)
    if told.letter is not None and loaded.is_whole:
        raise told.letter
    return ExitCode.DONE if loaded.is_whole else ExitCode.PARTLY_LOADED


def whole_run(
    deployment: Deployment,
    name: str,
    allowed: Mapping[str, str],
    only: Only = EVERYTHING,
    *,
    and_load: bool,
    as_json: bool,
) -> ExitCode:
    """Go through all stages up to the plan, or through the load and the publication."""
    with (
        working(deployment, name, begin=True) as work,
        servers_of(work) as both,
    ):
        _extract(work, both, only)
        _transform(work)
        summary = _plan(work, both, allowed)
        if not and_load or summary.alarms:
            _show_plan(summary, as_json=as_json)
            return ExitCode.REFUSED if summary.alarms else ExitCode.DONE
        loaded = _load(work, both, allowed)
        told = report_work(work, both.target)
        publish_work(work)
    return _show_loaded(loaded, told, as_json=as_json)
