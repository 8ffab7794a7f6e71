"""Commands that tidy up after runs."""

from typing import Annotated

import typer

from pipeline.cli.arguments import AsJson, Name, deployment


def prune(
    name: Name,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only list what would be taken away.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Take away what is old, as [keep] says; never the ledger."""
    from pipeline.commands.housekeeping import prune_transfer

    prune_transfer(deployment(), name, dry_run=dry_run, as_json=as_json)
