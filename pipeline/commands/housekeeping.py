"""Tidy up what the past left behind."""

from collections.abc import Sequence
from datetime import UTC, datetime

import polars as pl

from pipeline import presenter
from pipeline.files.deployment import Deployment
from pipeline.run.lock import run_lock
from pipeline.run.session import read_settings
from pipeline.text.wording import count
from pipeline.upkeep.prune import Prunable, find_prunable, prune

MEGABYTE = 1_000_000


def prune_transfer(deployment: Deployment, name: str, *, dry_run: bool, as_json: bool) -> None:
    """Take away what the rules do not keep, or only list it."""
    settings = read_settings(deployment, name)
    with run_lock(deployment, name):
        items = find_prunable(deployment, name, settings.keep, datetime.now(tz=UTC))
        if not dry_run:
            prune(deployment, name, items)
    if as_json:
        records = [{"what": one.what, "run": one.run_id, "bytes": one.size} for one in items]
        presenter.show_json({"pruned": not dry_run, "items": records})
    else:
        _show(items, dry_run=dry_run)


def restore_transfer(deployment: Deployment, name: str, run: str | None, *, as_json: bool) -> None:
    """Make the store of a transfer anew from a publication."""
    from pipeline.upkeep.restore import restore_store  # noqa: PLC0415  # on a bad day only

    read_settings(deployment, name)
    with run_lock(deployment, name):
        told = restore_store(deployment, name, run, datetime.now(tz=UTC))
    if as_json:
        aside = str(told.set_aside) if told.set_aside else None
        presenter.show_json(
            {"run": told.run_id, "set_aside": aside, "reopened_chunks": told.reopened}
        )
        return
    presenter.say(f"the store is as it was published after run {told.run_id}")
    if told.set_aside:
        presenter.say(f"the old one lies at {told.set_aside}")
    if told.reopened:
        presenter.say(
            f"loaded after that: {count(told.reopened, 'group')} of values; the next plan reads "
            "them back"
        )


def _show(items: Sequence[Prunable], *, dry_run: bool) -> None:
    if not items:
        presenter.say("nothing is old enough to be taken away")
        return
    rows = [(one.what, one.run_id, round(one.size / MEGABYTE, 1)) for one in items]
    presenter.show_table(pl.DataFrame(rows, schema=["what", "run", "MB"], orient="row"))
    total = sum(one.size for one in items)
    told = "nothing was touched; would be taken away" if dry_run else "taken away"
    things = count(len(items), "thing")
    presenter.say(f"{told}: {things} with {total / MEGABYTE:.1f} MB; the ledger stays")
