"""The stages as commands run them: each logged as a step of its run, with its counts and bar."""

from collections.abc import Mapping
from datetime import UTC, datetime

import polars as pl
import structlog

from pipeline.cli import terminal
from pipeline.compare.stage import Report, report
from pipeline.dhis2.http.client import Client
from pipeline.extract.rules.narrowing import WHOLE_SCOPE, Only
from pipeline.extract.stage import extract
from pipeline.load.stage import load
from pipeline.plan.stage import plan
from pipeline.publish.stage import Published, publish
from pipeline.report.plan import PlanSummary
from pipeline.run.metadata import indicator_names
from pipeline.run.records import Extract, LoadRecord, TransformRecord
from pipeline.run.session import Servers, stage
from pipeline.run.work import Work
from pipeline.transform.stage import transform
from pipeline.upkeep.prune import find_prunable, prune
from pipeline.verify.rules.findings import labels


def extract_step(work: Work, both: Servers, only: Only = WHOLE_SCOPE) -> Extract:
    """Extract a run; program indicators that could not be asked are named on the terminal."""
    with stage("extract", work) as counts, terminal.steps("extract") as steps:
        extracted = extract(work, both.source, both.target, steps, only)
        counts |= {"periods": len(extracted.periods), "org_units": len(extracted.org_units)}
        names = labels(extracted.unknown_indicators, indicator_names(work.run))
        for name, what in zip(names, extracted.unknown_indicators.values(), strict=True):
            terminal.say(f"program indicator {name} could not be asked: {what}")
    return extracted


def transform_step(work: Work) -> TransformRecord:
    """Transform a run's responses."""
    with stage("transform", work) as counts:
        made = transform(work)
        counts |= {"rows": made.rows, "rejects": made.rejects, "values": made.values}
    return made


def plan_step(
    work: Work, both: Servers, allowed: Mapping[str, str], *, retire: bool = False
) -> PlanSummary:
    """Plan a run; `allowed` has the reason of each guard that may be passed."""
    with stage("plan", work) as counts:
        now = datetime.now(tz=UTC)
        summary = plan(work, both.source, both.target, now, allowed, retire=retire)
        counts |= {"actions": dict(summary.actions.rows())}
    return summary


def load_step(
    work: Work, both: Servers, allowed: Mapping[str, str], *, resume: bool = False
) -> LoadRecord:
    """Load a run's plan."""
    with stage("load", work) as counts, terminal.steps("load") as steps:
        loaded = load(work, both.target, steps, allowed, resume=resume)
        counts |= {**loaded.counts, "requests": loaded.requests}
    return loaded


def report_step(work: Work, target: Client | None, *, again: bool = False) -> Report:
    """Write the reports of a run; without a target, paper that was read is not read again."""
    with stage("report", work) as counts:
        written = report(work, target, again=again)
        if written.overview is not None:
            agreements = written.overview.agreements.select("agreement", "cells")
            counts |= {"agreements": dict(agreements.rows())}
            counts |= {"findings": written.overview.findings.height}
    return written


def publish_step(work: Work) -> Published:
    """Publish a run, which must be the newest of the store."""
    with stage("publish", work) as counts:
        published = publish(
            work.deployment.store(work.name),
            work.run.path,
            {
                path.stem: pl.read_parquet(path)
                for path in sorted(work.run.metadata.glob("*.parquet"))
            },
            work.deployment.published(work.name),
            run_id=work.run.run_id,
            now=datetime.now(tz=UTC),
        )
        counts |= {"rows": dict(published.rows)}
    return published


def prune_step(work: Work) -> None:
    """Take away what is beyond what a transfer keeps, where its settings say so."""
    if not work.settings.keep.after_each_run:
        return
    now = datetime.now(tz=UTC)
    items = find_prunable(work.deployment, work.name, work.settings.keep, now)
    log = structlog.get_logger()
    try:
        prune(work.deployment, work.name, items)
    except OSError as fault:  # the run is done and published; the next one tries again
        log.warning("not taken away", what=fault.strerror, where=fault.filename)
    else:
        if items:
            log.info("taken away", things=len(items), bytes=sum(one.size for one in items))
