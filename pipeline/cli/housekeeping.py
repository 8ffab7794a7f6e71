"""Commands that put right what a run did, and tidy up after runs."""

from typing import Annotated

import typer

from pipeline.cli.arguments import Allow, AsJson, Name, Reason, Run, allowed, deployment, end


def undo(
    name: Name,
    run: Annotated[str, typer.Option("--run", help="Id of the run to undo.")],
    allow: Allow = None,
    reason: Reason = "",
    *,
    as_json: AsJson = False,
) -> None:
    """Plan to set back what a run wrote; `tally load` sends it.

    Only what stands as that run left it. The next run follows tracker again.
    """
    from pipeline.commands.undoing import undo_run

    end(undo_run(deployment(), name, run, allowed(allow, reason), as_json=as_json))


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


def restore(name: Name, run: Run = None, *, as_json: AsJson = False) -> None:
    """Make a lost or damaged store anew from a publication.

    The newest publication, or that of RUN. What later runs loaded is read back by the next plan.
    """
    from pipeline.commands.housekeeping import restore_transfer

    restore_transfer(deployment(), name, run, as_json=as_json)
