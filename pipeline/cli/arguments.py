"""What the commands share: the deployment they run in, and arguments that mean the same in all."""

import os
from pathlib import Path
from typing import Annotated

import typer

from pipeline.files.deployment import Deployment
from pipeline.text.errors import ExitCode

Name = Annotated[str, typer.Argument(help="Name of the transfer (a folder in data/transfers).")]
Run = Annotated[str | None, typer.Option("--run", help="Id of a run; the newest when not given.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document for scripts.")]
Allow = Annotated[
    list[str] | None,
    typer.Option("--allow", metavar="GUARD", help="Pass a guard that fired."),
]
Reason = Annotated[str, typer.Option("--reason", help="Why the guard may be passed.")]
Retire = Annotated[
    bool,
    typer.Option("--retire", help="Take back our cells that the mapping or scope has left."),
]
Generation = Annotated[str, typer.Option(help="2.42 or 2.43: how it imports.")]


def deployment() -> Deployment:
    """The deployment: TALLY_HOME, or the folder where the command runs."""
    return Deployment(Path(os.environ.get("TALLY_HOME") or Path.cwd()))


def allowed(allow: list[str] | None, reason: str) -> dict[str, str]:
    """The reason of each guard that may be passed, by its name."""
    if allow and not reason.strip():
        raise typer.BadParameter("--allow needs --reason; it is kept with the run")
    return dict.fromkeys(allow or [], reason)


def end(code: ExitCode) -> None:
    """End the command with this code."""
    if code != ExitCode.DONE:
        raise typer.Exit(int(code))
