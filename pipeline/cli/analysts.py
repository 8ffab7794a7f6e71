"""Commands for those who ask their own questions."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from pipeline.cli.arguments import AsJson, Name, deployment


def sql(
    name: Name,
    question: Annotated[str, typer.Argument(help="One question in SQL; - reads it from stdin.")],
    rows: Annotated[int, typer.Option(min=1, help="Rows to show on the terminal.")] = 100,
    *,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print all rows as CSV.")] = False,
    as_json: AsJson = False,
) -> None:
    """Ask the newest publication in SQL; nothing can be changed."""
    from pipeline.commands import analysts

    if as_csv and as_json:
        raise typer.BadParameter("choose --csv or --json")
    if as_csv:
        analysts.ask_as_csv(deployment(), name, question)
    elif as_json:
        analysts.ask_as_json(deployment(), name, question)
    else:
        analysts.ask(deployment(), name, question, rows=rows)


def export(
    name: Name,
    folder: Annotated[Path, typer.Argument(help="Where to write; it is made if need be.")],
    *,
    form: Annotated[
        Literal["csv", "parquet", "both"], typer.Option("--format", help="Kind of files.")
    ] = "both",
    as_json: AsJson = False,
) -> None:
    """Write the newest publication as CSV and Parquet files."""
    from pipeline.commands.analysts import export_publication

    formats: tuple[Literal["csv", "parquet"], ...]
    formats = ("csv", "parquet") if form == "both" else (form,)
    export_publication(deployment(), name, folder, formats, as_json=as_json)
