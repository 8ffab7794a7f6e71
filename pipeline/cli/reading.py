"""Commands that tell what runs did, and give it to others."""

from typing import Annotated, Literal

import typer

from pipeline.cli.arguments import AsJson, Name, Run, deployment


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
    from pipeline.commands.reporting import report_run

    report_run(deployment(), name, run, again=again)


def publish(name: Name, *, as_json: AsJson = False) -> None:
    """Give analysts the newest run, as a DuckDB file and as Parquet."""
    from pipeline.commands.reading import publish_run

    publish_run(deployment(), name, as_json=as_json)


def runs(name: Name, *, as_json: AsJson = False) -> None:
    """List the runs of a transfer, the newest first."""
    from pipeline.commands.reading import list_runs

    list_runs(deployment(), name, as_json=as_json)


def show(name: Name, run: Run = None, *, as_json: AsJson = False) -> None:
    """Tell the steps of a run, and where its time went."""
    from pipeline.commands.reading import show_run

    show_run(deployment(), name, run, as_json=as_json)


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
    from pipeline.commands.conflicts import list_conflicts

    if as_csv and as_json:
        raise typer.BadParameter("choose --csv or --json")
    form: Literal["terminal", "json", "csv"]
    form = "csv" if as_csv else "json" if as_json else "terminal"
    list_conflicts(deployment(), name, run, form)


def changes(name: Name, earlier: str, later: str, *, as_json: AsJson = False) -> None:
    """Tell what tracker changed between two runs."""
    from pipeline.commands.reading import list_changes

    list_changes(deployment(), name, earlier, later, as_json=as_json)


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
    from pipeline.commands.reading import cell_history

    cell_history(deployment(), name, cell, as_json=as_json)
