"""One command a stage, and one that goes through them."""

from typing import Annotated

import typer

from pipeline.cli.arguments import (
    Allow,
    AsJson,
    Name,
    Reason,
    Retire,
    Run,
    allowed,
    deployment,
    end,
)
from pipeline.text.errors import ExitCode


def extract(name: Name, *, as_json: AsJson = False) -> None:
    """Begin a run: ask the source, and keep every answer."""
    from pipeline.cli import steps, terminal
    from pipeline.run.session import servers_of, working
    from pipeline.text.wording import count

    with (
        working(deployment(), name, begin=True) as work,
        servers_of(work) as both,
    ):
        extracted = steps.extract_step(work, both)
    if as_json:
        terminal.show_json({"run": extracted.run_id, "periods": extracted.periods})
    else:
        terminal.say(
            f"run {extracted.run_id}: extracted {count(len(extracted.periods), 'period')}, "
            f"{count(len(extracted.org_units), 'org unit')}; next: tally transform {name}"
        )


def transform(name: Name, run: Run = None, *, as_json: AsJson = False) -> None:
    """Make values of a run's responses, or rejects with a reason."""
    from pipeline.cli import steps, terminal
    from pipeline.run.session import working
    from pipeline.text.wording import count, number

    with working(deployment(), name, run) as work:
        made = steps.transform_step(work)
    if as_json:
        terminal.show_json(made.as_record())
    else:
        terminal.say(
            f"{count(made.rows, 'row')} = {number(made.accepted)} accepted + "
            f"{number(made.rejects)} rejected; {count(made.values, 'value')}; "
            f"next: tally plan {name}"
        )


def plan(
    name: Name,
    run: Run = None,
    allow: Allow = None,
    reason: Reason = "",
    *,
    retire: Retire = False,
    detailed_exitcode: Annotated[
        bool, typer.Option("--detailed-exitcode", help="Exit 3 when there is something to load.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write down one action for each cell; nothing is sent."""
    from pipeline.cli import steps
    from pipeline.cli.outcomes import show_plan
    from pipeline.run.session import servers_of, working

    passing = allowed(allow, reason)
    with working(deployment(), name, run) as work, servers_of(work) as both:
        summary = steps.plan_step(work, both, passing, retire=retire)
    code = show_plan(summary, as_json=as_json)
    if detailed_exitcode and code == ExitCode.DONE and summary.writes:
        code = ExitCode.CHANGES_PENDING
    end(code)


def load(
    name: Name,
    run: Run = None,
    allow: Allow = None,
    reason: Reason = "",
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Ask the server what it would do; write nothing.")
    ] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on after an interruption.")] = False,
    as_json: AsJson = False,
) -> None:
    """Send exactly the newest plan, and read it back."""
    from pipeline.cli import steps
    from pipeline.cli.outcomes import show_dry_run, show_loaded
    from pipeline.load import stage
    from pipeline.run.session import servers_of, working

    passing = allowed(allow, reason)
    with working(deployment(), name, run) as work, servers_of(work) as both:
        if dry_run:
            summaries = [one.as_record() for one in stage.dry_run(work, both.target, passing)]
        else:
            loaded = steps.load_step(work, both, passing, resume=resume)
            written = steps.report_step(work, both.target)
    if dry_run:
        end(show_dry_run(summaries, as_json=as_json))
    else:
        end(show_loaded(loaded, written, as_json=as_json))


def run(
    name: Name,
    allow: Allow = None,
    reason: Reason = "",
    org_unit: Annotated[
        list[str] | None, typer.Option(help="Only at or below this org unit of the source.")
    ] = None,
    period: Annotated[list[str] | None, typer.Option(help="Only this period.")] = None,
    *,
    and_load: Annotated[
        bool, typer.Option("--load", help="Go on through load, publish and report.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Extract, transform and plan; with --load go on to the end.

    A guard stops it before anything is sent.
    """
    from pipeline.cli import steps
    from pipeline.cli.outcomes import show_loaded, show_plan
    from pipeline.extract.rules.narrowing import Only
    from pipeline.run.session import servers_of, working

    only = Only(tuple(org_unit or ()), tuple(period or ()))
    passing = allowed(allow, reason)
    with (
        working(deployment(), name, begin=True) as work,
        servers_of(work) as both,
    ):
        steps.extract_step(work, both, only)
        steps.transform_step(work)
        summary = steps.plan_step(work, both, passing)
        goes_on = and_load and not summary.alarms
        if goes_on:
            loaded = steps.load_step(work, both, passing)
            written = steps.report_step(work, both.target)
            steps.publish_step(work)
            steps.prune_step(work)
    if goes_on:
        end(show_loaded(loaded, written, as_json=as_json))
    else:
        end(show_plan(summary, as_json=as_json))
