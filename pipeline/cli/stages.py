"""One command a stage, and one that begins a transfer."""

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


def init(
    name: Name,
    *,
    suggest: Annotated[
        bool, typer.Option("--suggest", help="Fill the mapping from the servers' own hints.")
    ] = False,
) -> None:
    """Write a commented transfer.toml and empty mapping tables."""
    from pipeline.commands.setting_up import begin_transfer

    begin_transfer(deployment(), name, suggest=suggest)


def verify(
    name: Name,
    *,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings count as errors.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check servers, accounts, forms and mapping; write nothing."""
    from pipeline.commands.setting_up import verify_transfer

    end(verify_transfer(deployment(), name, strict=strict, as_json=as_json))


def extract(name: Name, *, as_json: AsJson = False) -> None:
    """Begin a run: ask the source, and keep every answer."""
    from pipeline.commands.stages import extract_run

    extract_run(deployment(), name, as_json=as_json)


def transform(name: Name, run: Run = None, *, as_json: AsJson = False) -> None:
    """Make values of a run's responses, or rejects with a reason."""
    from pipeline.commands.stages import transform_run

    transform_run(deployment(), name, run, as_json=as_json)


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
    from pipeline.commands.stages import plan_run

    code = plan_run(deployment(), name, run, allowed(allow, reason), retire=retire, as_json=as_json)
    if code == ExitCode.CHANGES_PENDING and not detailed_exitcode:
        code = ExitCode.DONE
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
    from pipeline.commands.stages import load_run

    may = allowed(allow, reason)
    end(load_run(deployment(), name, run, may, dry_run=dry_run, resume=resume, as_json=as_json))


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
    from pipeline.commands.stages import whole_run
    from pipeline.extract.rules.narrowing import Only

    only = Only(tuple(org_unit or ()), tuple(period or ()))
    end(
        whole_run(
            deployment(), name, allowed(allow, reason), only, and_load=and_load, as_json=as_json
        )
    )
