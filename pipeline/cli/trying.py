"""Commands to try Tally with, on a server that is not there."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.arguments import Generation, deployment
from pipeline.text.errors import UsageError

if TYPE_CHECKING:  # the name of a type; the sandbox needs the extra
    from sandbox.state.world import World


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
    from pipeline.cli import terminal
    from pipeline.cli.demo import ACCOUNT, require_generation
    from sandbox.http.server import serve

    require_generation(generation)
    if world is None:
        served, account = _invented_world(seed, day), ACCOUNT["USERNAME"]
    else:
        served, account = _recorded_world(world), "exchanger"
    terminal.say(
        f"DHIS2 {generation} stands at http://127.0.0.1:{port} "
        f"(username {account}, password {ACCOUNT['PASSWORD']}; Ctrl-C ends it)"
    )
    if world is None:
        terminal.say(
            f"a night passes with: curl -X POST http://127.0.0.1:{port}/sandbox/next-night"
        )
    serve(served, generation, port=port)


def demo(*, generation: Generation = "2.42") -> None:
    """Show two nights of transfer in an invented country."""
    from pipeline.cli.demo import show_demo

    show_demo(deployment(), generation)


def _invented_world(seed: int, day: str) -> "World":
    from datetime import UTC, date, datetime

    from sandbox.country.build import invent_country

    try:
        today = date.fromisoformat(day) if day else datetime.now(tz=UTC).date()
    except ValueError:
        raise UsageError(f"{day!r} is no date", remedy="write it as 2026-11-24") from None
    return invent_country(today, seed)


def _recorded_world(folder: Path) -> "World":
    from sandbox.state.recorded import load_recorded_world

    try:
        return load_recorded_world(folder)
    except (OSError, ValueError, KeyError) as error:
        raise UsageError(
            f"this folder holds no world: {type(error).__name__} {error}",
            where=str(folder),
            remedy="it needs metadata.json and analytics/*.json, plain or compressed (.gz)",
        ) from error
