"""Commands that begin a transfer, and check it before it runs."""

from collections.abc import Mapping
from typing import Annotated

import typer

from pipeline.cli.arguments import AsJson, Name, deployment, end
from pipeline.files.deployment import Deployment
from pipeline.text.errors import ExitCode


def init(
    name: Name,
    *,
    suggest: Annotated[
        bool, typer.Option("--suggest", help="Fill the mapping from the servers' own hints.")
    ] = False,
) -> None:
    """Write a commented transfer.toml and empty mapping tables."""
    begin_transfer(deployment(), name, suggest=suggest)


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
    import os

    from pipeline.cli import terminal
    from pipeline.report.doubts import doubts_as_lines
    from pipeline.text.wording import number
    from pipeline.upkeep import init as starting

    folder = deployment.transfer_folder(name)
    if suggest:
        suggested = starting.suggest(deployment, name, os.environ, choices or {})
        rows, twins = number(suggested.rows), number(suggested.twins)
        terminal.say(f"mapping rows suggested: {rows}; read them before you believe them")
        if suggested.twins:
            terminal.say(
                f"elements that may be compared with paper: {twins}; see mappings/manual.csv, "
                "and [compare] in transfer.toml"
            )
        for line in doubts_as_lines(suggested.doubts, suggested.names):
            terminal.say(f"  to settle: {line}")
    else:
        starting.write_transfer(deployment, name, choices=choices)
    terminal.say(f"written: {folder}; next: edit transfer.toml, then tally verify {name}")


def verify(
    name: Name,
    *,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings count as errors.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check servers, accounts, forms and mapping; write nothing."""
    import os
    from datetime import UTC, datetime

    from pipeline.cli import terminal
    from pipeline.report.verify import findings_as_markdown
    from pipeline.run.session import read_settings, servers
    from pipeline.verify import stage

    home = deployment()
    settings = read_settings(home, name)
    with servers(settings) as both:
        findings = stage.verify(
            home,
            name,
            settings,
            os.environ,
            source=both.source,
            target=both.target,
            now=datetime.now(tz=UTC),
        )
    if as_json:
        terminal.show_json([finding.as_record() for finding in findings])
    else:
        terminal.show_markdown(findings_as_markdown(name, findings))
    bar = {"error", "warning"} if strict else {"error"}
    below = any(finding.severity in bar for finding in findings)
    end(ExitCode.FINDINGS if below else ExitCode.DONE)
