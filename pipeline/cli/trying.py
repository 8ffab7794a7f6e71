"""Commands to try Tally with, on a server that is not there."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.arguments import Generation, deployment


def sandbox(
    *,
    generation: Generation = "2.42",
    port: Annotated[int, typer.Option(help="Port on this machine only.")] = 8085,
    seed: Annotated[int, typer.Option(help="Another seed, another country.")] = 1,
    day: Annotated[str, typer.Option("--date", help="Its today, as 2026-11-24.")] = "",
    world: Annotated[
        Path | None, typer.Option(help="Folder with another world: metadata.json, analytics/.")
    ] = None,
) -> None:
    """Serve an invented country as a DHIS2 to try things on.

    With --world it serves a recorded one.
    """
    from pipeline.demo import serve_sandbox

    serve_sandbox(generation, port, seed, day, world=world)


def demo(
    *,
    generation: Generation = "2.42",
) -> None:
    """Show two nights of transfer in an invented country."""
    from pipeline.demo import show_demo

    show_demo(deployment(), generation)
