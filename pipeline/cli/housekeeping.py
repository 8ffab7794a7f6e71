"""Commands that put right what a run did, and tidy up after runs."""

from typing import Annotated

import typer

from pipeline.cli.arguments import Allow, AsJson, Name, Reason, Run, allowed, deployment, end

MEGABYTE = 1_000_000


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
    from datetime import UTC, datetime

    from pipeline.cli import terminal
    from pipeline.cli.outcomes import show_plan
    from pipeline.plan.undo import undo as plan_undoing
    from pipeline.run.session import second_run, servers_of, stage, working

    passing = allowed(allow, reason)
    with (
        working(deployment(), name, run) as undone,
        second_run(undone) as work,
        servers_of(work) as both,
        stage("undo", work) as counts,
    ):
        summary = plan_undoing(work, undone.run, both.target, datetime.now(tz=UTC), passing)
        counts |= {"actions": dict(summary.actions.rows())}
    code = show_plan(summary, as_json=as_json)
    if not as_json:
        terminal.say(f"nothing was sent; next: tally load {name}")
    end(code)


def prune(
    name: Name,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only list what would be taken away.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Take away what is old, as [keep] says; never the ledger."""
    from datetime import UTC, datetime

    import polars as pl

    from pipeline.cli import terminal
    from pipeline.run.lock import run_lock
    from pipeline.run.session import read_settings
    from pipeline.text.wording import count
    from pipeline.upkeep import prune as pruning

    settings = read_settings(deployment(), name)
    with run_lock(deployment(), name):
        items = pruning.find_prunable(deployment(), name, settings.keep, datetime.now(tz=UTC))
        if not dry_run:
            pruning.prune(deployment(), name, items)
    if as_json:
        records = [{"what": one.what, "run": one.run_id, "bytes": one.size} for one in items]
        terminal.show_json({"pruned": not dry_run, "items": records})
    elif not items:
        terminal.say("nothing is old enough to be taken away")
    else:
        rows = [(one.what, one.run_id, round(one.size / MEGABYTE, 1)) for one in items]
        terminal.show_table(pl.DataFrame(rows, schema=["what", "run", "MB"], orient="row"))
        total = sum(one.size for one in items) / MEGABYTE
        happened = "nothing was touched; would be taken away" if dry_run else "taken away"
        things = count(len(items), "thing")
        terminal.say(f"{happened}: {things} with {total:.1f} MB; the ledger stays")


def restore(name: Name, run: Run = None, *, as_json: AsJson = False) -> None:
    """Make a lost or damaged store anew from a publication.

    The newest publication, or that of RUN. What later runs loaded is read back by the next plan.
    """
    from datetime import UTC, datetime

    from pipeline.cli import terminal
    from pipeline.run.lock import run_lock
    from pipeline.run.session import read_settings
    from pipeline.text.wording import count
    from pipeline.upkeep.restore import restore_store

    read_settings(deployment(), name)
    with run_lock(deployment(), name):
        restored = restore_store(deployment(), name, run, datetime.now(tz=UTC))
    aside = restored.set_aside
    if as_json:
        record = {"run": restored.run_id, "set_aside": str(aside) if aside else None}
        terminal.show_json(record | {"reopened_chunks": restored.reopened})
        return
    terminal.say(f"the store is as it was published after run {restored.run_id}")
    if aside:
        terminal.say(f"the old one lies at {aside}")
    if restored.reopened:
        terminal.say(
            f"loaded after that: {count(restored.reopened, 'group')} of values; the next plan "
            "reads them back"
        )
