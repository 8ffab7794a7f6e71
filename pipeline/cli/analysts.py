"""Commands for those who ask their own questions."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from pipeline.cli.arguments import AsJson, Name, deployment
from pipeline.text.errors import UsageError


def publish(name: Name, *, as_json: AsJson = False) -> None:
    """Give analysts the newest run, as a DuckDB file and as Parquet."""
    from pipeline.cli import terminal
    from pipeline.cli.steps import prune_step, publish_step
    from pipeline.run.session import working

    with working(deployment(), name) as work:
        made = publish_step(work)
        prune_step(work)
    if as_json:
        terminal.show_json({"run": made.run_id, "file": str(made.file), "sha256": made.sha256})
    else:
        terminal.say(f"published {made.file}")


def sql(
    name: Name,
    question: Annotated[str, typer.Argument(help="One question in SQL; - reads it from stdin.")],
    rows: Annotated[int, typer.Option(min=1, help="Rows to show on the terminal.")] = 100,
    *,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print all rows as CSV.")] = False,
    as_json: AsJson = False,
) -> None:
    """Ask the newest publication in SQL; nothing can be changed."""
    if as_csv and as_json:
        raise typer.BadParameter("choose --csv or --json")
    from pipeline.cli import terminal
    from pipeline.publish.query import query
    from pipeline.report.answers import rows_as_csv, rows_as_json

    file = _newest_publication(name)
    asked = sys.stdin.read() if question == "-" else question
    if not (as_csv or as_json):
        _show(file, asked, rows)
        return
    with query(file, asked) as answer:
        if as_csv:
            terminal.show_lines(
                rows_as_csv(rows, answer.kinds, header=number == 0)
                for number, rows in enumerate(answer.batches)
            )
        else:
            terminal.show_json_rows(
                row for rows in answer.batches for row in rows_as_json(rows, answer.kinds)
            )


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
    from pipeline.cli import terminal
    from pipeline.publish import export as exporting
    from pipeline.text.wording import count

    formats: tuple[exporting.Format, ...]
    formats = ("csv", "parquet") if form == "both" else (form,)
    file = _newest_publication(name)
    written = exporting.export(file, folder, formats)
    if as_json:
        terminal.show_json({"publication": str(file), "folder": str(folder), "files": written})
    else:
        terminal.say(f"{count(len(written), 'file')} of {file.stem} written to {folder}")


def _newest_publication(name: str) -> Path:
    """The file that analysts read now."""
    from pipeline.run.session import read_settings

    read_settings(deployment(), name)
    latest = deployment().published(name) / "latest.duckdb"
    if not latest.exists():
        raise UsageError(
            "nothing was published yet",
            where=str(deployment().published(name)),
            remedy=f"`tally publish {name}` publishes the newest run",
        )
    return latest.resolve()


def _show(file: Path, question: str, rows: int) -> None:
    """Show so many rows of the answer on the terminal."""
    import polars as pl

    from pipeline.cli import terminal
    from pipeline.publish.query import query
    from pipeline.report.answers import NUMBER_KINDS
    from pipeline.text.wording import count

    with query(file, question, rows + 1) as answer:
        found = pl.concat(answer.batches)
    numbers = [column for column, kind in answer.kinds.items() if kind in NUMBER_KINDS]
    terminal.show_table(found.head(rows), file.stem, numbers=numbers)
    if found.height > rows:
        terminal.say(
            f"these are the first {count(rows, 'row')}, and there are more: --rows shows as many "
            "as you say, --csv and --json give all of them"
        )
