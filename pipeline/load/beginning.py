"""What a load notes before it sends: that it begins, that a target moved, what needs no request."""

import polars as pl

from pipeline.ledger import journal
from pipeline.load.context import LoadContext
from pipeline.load.opening import OpenedPlan
from pipeline.probes.failpoints import reach
from schemas.frames import trusted
from schemas.load import LedgerClosings, LedgerOpenings


def begin_load(context: LoadContext, opened: OpenedPlan) -> None:
    """Note that this load begins or goes on, and write into the ledger what needs no request."""
    _note(context, opened)
    reach("load.begun")
    _follow(context)
    _adopt_and_close(context, opened)
    reach("load.noted")


def _note(context: LoadContext, opened: OpenedPlan) -> None:
    """Keep that this load begins and which guards it passes, before it changes anything."""
    run, here = context.work.run, context.info.system_id
    if journal.begun(run) is not None:
        journal.resume(run, opened.passes, context.clock())
        return
    known_as = context.work.store.known_as(here)
    moved_from = known_as if known_as != here else None
    begun = journal.Begun(here, context.account.username, moved_from)
    journal.begin(run, begun, opened.passes, context.clock())


def _follow(context: LoadContext) -> None:
    """Let the ledger follow a target that was moved, as a guard was told; then it is ours again.

    Not before a load: until then nobody acted on the permission, and a plan changes nothing.
    """
    store, here = context.work.store, context.info.system_id
    if (known_as := store.known_as(here)) != here:
        store.move_ledger(context.work.run.run_id, known_as, here, context.clock())


def _adopt_and_close(context: LoadContext, opened: OpenedPlan) -> None:
    """Write adopted cells into the ledger, and out of it those that are no longer ours."""
    adopted = opened.plan.filter(pl.col("action") == "adopt").select(
        "cell", value="tracker_value", event=pl.lit("adopted")
    )
    closed = opened.plan.filter("closes_ledger").select("cell", event=pl.lit("closed"))
    context.work.store.write_ledger(
        context.work.run.run_id,
        context.info.system_id,
        trusted(adopted, LedgerOpenings),
        trusted(closed, LedgerClosings),
        context.clock(),
    )
