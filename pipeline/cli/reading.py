"""Commands that tell what runs did."""

from typing import Annotated

import typer

from pipeline.cli.arguments import AsJson, Name, Run, deployment
from pipeline.text.errors import UsageError

RUN_COLUMNS = (
    "run_id",
    "stage",
    "first_period",
    "last_period",
    "rows",
    "rejects",
    "values",
    "planned_at",
    "loaded_at",
)


def report(
    name: Name,
    run: Run = None,
    *,
    again: Annotated[
        bool, typer.Option("--again", help="Read the manual numbers anew, by today's settings.")
    ] = False,
) -> None:
    """Tell what a run did, and where tracker and paper disagree.

    Leaves run.md, and discrepancies.html, .xlsx and .csv.
    """
    from contextlib import nullcontext

    from pipeline.cli import terminal
    from pipeline.cli.steps import report_step
    from pipeline.compare.stage import wants_target
    from pipeline.run.session import servers_of, working

    with working(deployment(), name, run) as work:
        # The servers are asked only for paper that was not read yet.
        asks = wants_target(work, again=again)
        with servers_of(work) if asks else nullcontext() as both:
            written = report_step(work, both.target if both else None, again=again)
    terminal.show_markdown(written.text)
    if written.letter is not None:
        raise written.letter


def runs(name: Name, *, as_json: AsJson = False) -> None:
    """List the runs of a transfer, the newest first."""
    from pipeline.cli import terminal
    from pipeline.run.session import read_settings
    from pipeline.store.transfer import Store

    read_settings(deployment(), name)
    found = Store(deployment().store(name)).runs()
    shown = found if as_json else found.select(RUN_COLUMNS)
    terminal.show_rows(shown, "no run of this transfer made values yet", as_json=as_json)


def show(name: Name, run: Run = None, *, as_json: AsJson = False) -> None:
    """Tell the steps of a run, and where its time went."""
    from pipeline.cli import terminal
    from pipeline.report.history import history_as_markdown
    from pipeline.run.folder import find_run
    from pipeline.run.session import read_settings
    from pipeline.upkeep.history import read_history

    read_settings(deployment(), name)
    story = read_history(find_run(deployment(), name, run))
    if as_json:
        terminal.show_json(story)
    else:
        terminal.show_markdown(history_as_markdown(story))


def conflicts(
    name: Name,
    run: Run = None,
    *,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print decisions.csv, to be filled in.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List the cells that need a person; --csv prints a form."""
    if as_csv and as_json:
        raise typer.BadParameter("choose --csv or --json")
    import polars as pl

    from pipeline.cli import terminal
    from pipeline.report.conflicts import (
        conflicts_for_terminal,
        conflicts_of,
        decisions_as_csv,
    )
    from pipeline.run.folder import find_run
    from pipeline.run.metadata import TargetFrames
    from pipeline.run.session import read_settings
    from pipeline.tables import written_decisions

    read_settings(deployment(), name)
    of_run = find_run(deployment(), name, run)
    plan = pl.read_parquet(of_run.require("plan.parquet", "plan"))
    found = conflicts_of(plan, TargetFrames.read(of_run).display_names)
    folder = deployment().transfer_folder(name)
    if as_json:
        terminal.show_json(found.to_dicts())
    elif as_csv:
        terminal.show_lines([decisions_as_csv(found, written_decisions(folder))])
    elif found.is_empty():
        terminal.say(f"run {of_run.run_id}: no cell waits for a decision")
    else:
        numbers = ("tracker", "target", "ours")
        terminal.show_table(conflicts_for_terminal(found), of_run.run_id, numbers=numbers)
        terminal.say(
            f"to decide: `tally conflicts {name} --csv > new.csv`; fill in tracker, manual or "
            "leave, who decided, why and until which day; keep it as "
            f"{folder}/decisions.csv; plan again"
        )


def changes(name: Name, earlier: str, later: str, *, as_json: AsJson = False) -> None:
    """Tell what tracker changed between two runs."""
    from pipeline.cells.packing import unpack
    from pipeline.cli import terminal
    from pipeline.run.lock import run_lock
    from pipeline.run.session import read_settings
    from pipeline.store.transfer import Store

    read_settings(deployment(), name)
    store = Store(deployment().store(name))
    with run_lock(deployment(), name):
        known = set(store.runs()["run_id"])
        for run in sorted({earlier, later} - known):
            remedy = f"see `tally runs {name}`"
            raise UsageError(f"there is no run {run}", where=str(store.path), remedy=remedy)
        found = unpack(store.changes(earlier, later), store.dictionaries())
    terminal.show_rows(found, "tracker said the same in both runs", as_json=as_json)


def history(
    name: Name,
    cell: Annotated[
        str,
        typer.Argument(help="data element/period/org unit/option combo/attribute option combo"),
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Tell what one cell held, run by run."""
    from pipeline.cli import terminal
    from pipeline.run.session import read_settings
    from pipeline.store.transfer import Store

    key = cell.replace(".", "/").split("/")
    parts = 5
    if len(key) != parts:
        raise UsageError(
            f"{cell!r} names no cell",
            remedy="give five ids with / between: data element, period, org unit, option combo, "
            "attribute option combo",
        )
    read_settings(deployment(), name)
    found = Store(deployment().store(name)).cell_history(*key)
    terminal.show_rows(found, "tracker never counted anything in this cell", as_json=as_json)
