"""What each command does: open the session, run the stages, show what came of it."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime

import polars as pl

from pipeline import presenter
from pipeline.errors import ExitCode, UsageError
from pipeline.reports.plan import PlanSummary, as_markdown
from pipeline.reports.run import run_report
from pipeline.runs import Deployment, find_run, run_lock, write_bytes
from pipeline.stages.extract import extract
from pipeline.stages.load import Loaded, dry_run, load
from pipeline.stages.papers import Extract, TargetFrames
from pipeline.stages.plan import plan
from pipeline.stages.session import Servers, read_settings, servers, stage, working
from pipeline.stages.transform import Transformed, transform
from pipeline.stages.work import Work
from pipeline.store import Store

RUN_COLUMNS = (
    "run_id",
    "stage",
    "first_period",
    "last_period",
    "rows",
    "rejects",
    "values",
    "planned_at",
    "loaded_at",
)


def extract_run(deployment: Deployment, name: str, *, as_json: bool) -> None:
    """Begin a run and extract it."""
    with working(deployment, name, begin=True) as work, servers(work.settings) as both:
        told = _extract(work, both)
    if as_json:
        presenter.show_json({"run": told.run_id, "periods": told.periods})
    else:
        presenter.say(
            f"run {told.run_id}: extracted {len(told.periods)} periods, "
            f"{len(told.org_units)} org units; next: tally transform {name}"
        )


def _extract(work: Work, both: Servers) -> Extract:
    with stage("extract") as counts, presenter.steps("extract") as steps:
        told = extract(work, both.source, both.target, steps)
        counts |= {"periods": len(told.periods), "org_units": len(told.org_units)}
        for indicator, what in told.unknown_indicators.items():
            presenter.say(f"program indicator {indicator} could not be asked: {what}")
    return told


def transform_run(deployment: Deployment, name: str, run: str | None, *, as_json: bool) -> None:
    """Transform a run's responses."""
    with working(deployment, name, run) as work:
        told = _transform(work)
    if as_json:
        presenter.show_json(told.as_record())
    else:
        presenter.say(
            f"{told.rows} rows = {told.accepted} accepted + {told.rejects} rejected; "
            f"{told.values} values; next: tally plan {name}"
        )


def _transform(work: Work) -> Transformed:
    with stage("transform") as counts:
        told = transform(work)
        counts |= {"rows": told.rows, "rejects": told.rejects, "values": told.values}
    return told


def plan_run(
    deployment: Deployment,
    name: str,
    run: str | None,
    allowed: Mapping[str, str],
    *,
    as_json: bool,
) -> ExitCode:
    """Plan a run, and show the plan."""
    with working(deployment, name, run) as work, servers(work.settings) as both:
        summary = _plan(work, both, allowed)
    _show_plan(summary, as_json=as_json)
    return _plan_code(summary)


def _plan(work: Work, both: Servers, allowed: Mapping[str, str]) -> PlanSummary:
    with stage("plan") as counts:
        summary = plan(work, both.source, both.target, datetime.now(tz=UTC), allowed)
        counts |= {"actions": dict(summary.actions.rows())}
    return summary


def _show_plan(summary: PlanSummary, *, as_json: bool) -> None:
    if as_json:
        presenter.show_json(summary.as_record())
    else:
        presenter.show_markdown(as_markdown(summary))


def _plan_code(summary: PlanSummary) -> ExitCode:
    if summary.alarms:
        return ExitCode.REFUSED
    return ExitCode.CHANGES_PENDING if summary.writes else ExitCode.DONE


def load_run(
    deployment: Deployment,
    name: str,
    run: str | None,
    *,
    dry_run: bool,
    resume: bool,
    as_json: bool,
) -> ExitCode:
    """Load a run's plan, or only ask what a load would do."""
    with working(deployment, name, run) as work, servers(work.settings) as both:
        if dry_run:
            return _show_dry_run(work, both, as_json=as_json)
        loaded = _load(work, both, resume=resume)
        report = write_report(work)
    return _show_loaded(loaded, report, as_json=as_json)


def _load(work: Work, both: Servers, *, resume: bool = False) -> Loaded:
    with stage("load") as counts, presenter.steps("load") as steps:
        loaded = load(work, both.target, steps, resume=resume)
        counts |= {**loaded.counts, "requests": loaded.requests}
    return loaded


def _show_dry_run(work: Work, both: Servers, *, as_json: bool) -> ExitCode:
    told = [summary.as_record() for summary in dry_run(work, both.target)]
    if as_json:
        presenter.show_json(told)
    else:
        counts = ("status", "http_status", "imported", "updated", "ignored", "deleted")
        rows = [{count: one[count] for count in counts} for one in told]
        presenter.show_table(pl.DataFrame(rows), "What the server says it would do")
    sound = all(one["status"] == "SUCCESS" for one in told)
    return ExitCode.DONE if sound else ExitCode.PARTLY_LOADED


def _show_loaded(loaded: Loaded, report: str, *, as_json: bool) -> ExitCode:
    if as_json:
        presenter.show_json(loaded.as_record())
    elif loaded.already:
        presenter.say(f"run {loaded.run_id} was loaded before; nothing was sent")
    else:
        presenter.show_markdown(report)
    return ExitCode.DONE if loaded.is_whole else ExitCode.PARTLY_LOADED


def whole_run(
    deployment: Deployment,
    name: str,
    allowed: Mapping[str, str],
    *,
    and_load: bool,
    as_json: bool,
) -> ExitCode:
    """Go through all stages up to the plan, or through the load and the publication."""
    with working(deployment, name, begin=True) as work, servers(work.settings) as both:
        _extract(work, both)
        _transform(work)
        summary = _plan(work, both, allowed)
        if not and_load or summary.alarms:
            _show_plan(summary, as_json=as_json)
            return ExitCode.REFUSED if summary.alarms else ExitCode.DONE
        loaded = _load(work, both)
        report = write_report(work)
        publish_work(work)
    return _show_loaded(loaded, report, as_json=as_json)


def write_report(work: Work) -> str:
    """Leave run.md, and give its text."""
    text = run_report(
        work.run.run_id,
        transformed=work.run.read_json("transform.json", "transform"),
        loaded=work.run.read_json("load.json", "load"),
        outcomes=pl.read_parquet(work.run.require("load.parquet", "load")),
        plan=pl.read_parquet(work.run.require("plan.parquet", "plan")),
        names=_names(work),
    )
    write_bytes(work.run.path / "run.md", text.encode())
    return text


def _names(work: Work) -> dict[str, dict[str, str]]:
    from pipeline.stages.plan import names_of  # noqa: PLC0415  # beside its only other reader

    return names_of(TargetFrames.read(work.run))


def report_run(deployment: Deployment, name: str, run: str | None) -> None:
    """Write run.md again, and show it."""
    with working(deployment, name, run) as work:
        presenter.show_markdown(write_report(work))


def publish_run(deployment: Deployment, name: str, *, as_json: bool) -> None:
    """Publish the newest run that has a snapshot."""
    with working(deployment, name) as work:
        told = publish_work(work)
    if as_json:
        presenter.show_json(told)
    else:
        presenter.say(f"published {told['file']}")


def publish_work(work: Work) -> dict[str, object]:
    """Publish this run."""
    from pipeline.publish import publish  # noqa: PLC0415  # analysts' files are the last thing

    with stage("publish") as counts:
        told = publish(
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
        counts |= {"rows": dict(told.rows)}
    return {"run": told.run_id, "file": str(told.file), "sha256": told.sha256}


def list_runs(deployment: Deployment, name: str, *, as_json: bool) -> None:
    """Show one line per run."""
    read_settings(deployment, name)
    found = _store(deployment, name).runs()
    _show(found if as_json else found.select(RUN_COLUMNS), as_json=as_json)


def list_changes(
    deployment: Deployment, name: str, earlier: str, later: str, *, as_json: bool
) -> None:
    """Show what tracker changed between two runs, by the ids of the cells."""
    from pipeline.transform.cells import unpacked  # noqa: PLC0415  # beside its only use

    for run in (earlier, later):
        find_run(deployment, name, run)
    store = _store(deployment, name)
    with run_lock(deployment, name):
        found = unpacked(store.changes(earlier, later), store.dictionaries())
    _show(found, as_json=as_json)


def cell_history(deployment: Deployment, name: str, cell: str, *, as_json: bool) -> None:
    """Show what one cell held, run by run."""
    key = cell.replace(".", "/").split("/")
    parts = 5
    if len(key) != parts:
        raise UsageError(
            f"{cell!r} names no cell",
            remedy="give five ids with / between: data element, period, org unit, option combo, "
            "attribute option combo",
        )
    read_settings(deployment, name)
    _show(_store(deployment, name).cell_history(*key), as_json=as_json)


def _store(deployment: Deployment, name: str) -> Store:
    return Store(deployment.store(name))


def _show(found: pl.DataFrame, *, as_json: bool) -> None:
    if as_json:
        presenter.show_json(found.to_dicts())
    else:
        presenter.show_table(found)


def verify_transfer(deployment: Deployment, name: str, *, strict: bool, as_json: bool) -> ExitCode:
    """Check everything that can be checked before a run, and show what was found."""
    from pipeline.reports import verify as told  # noqa: PLC0415  # beside its only use
    from pipeline.stages.verify import verify  # noqa: PLC0415  # as above

    settings = read_settings(deployment, name)
    with servers(settings) as both:
        findings = verify(
            deployment,
            name,
            settings,
            source=both.source,
            target=both.target,
            now=datetime.now(tz=UTC),
        )
    if as_json:
        presenter.show_json([finding.as_record() for finding in findings])
    else:
        presenter.show_markdown(told.as_markdown(name, findings))
    bar = {"error", "warning"} if strict else {"error"}
    below = any(finding.severity in bar for finding in findings)
    return ExitCode.FINDINGS if below else ExitCode.DONE


def begin_transfer(
    deployment: Deployment,
    name: str,
    *,
    suggest: bool,
    choices: Mapping[str, object] | None = None,
) -> None:
    """Write what a new transfer begins with; with `suggest`, fill it from the servers.

    `choices` take the place of the template's values, by their keys.
    """
    from pipeline.stages import init  # noqa: PLC0415  # beside its only use

    folder = deployment.transfer_folder(name)
    if suggest:
        doubts, rows = init.suggest(deployment, name, os.environ, choices or {})
        presenter.say(f"{rows} mapping rows were suggested; read them before you believe them")
        for doubt in doubts:
            presenter.say(f"  not mapped: {doubt.program_indicator}: {doubt.why}")
    else:
        init.write_transfer(deployment, name, choices=choices)
    presenter.say(f"written: {folder}; next: edit transfer.toml, then tally verify {name}")
