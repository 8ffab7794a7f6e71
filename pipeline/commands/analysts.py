"""Answer analysts from the newest publication, and write it as files for their tools."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from pipeline import presenter
from pipeline.files.deployment import Deployment
from pipeline.publish.export import Format, export
from pipeline.publish.query import QueryResult, query
from pipeline.report.answers import NUMBER_KINDS, rows_as_csv, rows_as_json
from pipeline.run.session import read_settings
from pipeline.text.errors import UsageError
from pipeline.text.wording import count


def newest_publication(deployment: Deployment, name: str) -> Path:
    """Find the file that analysts read now."""
    read_settings(deployment, name)
    latest = deployment.published(name) / "latest.duckdb"
    if not latest.exists():
        raise UsageError(
            "nothing was published yet",
            where=str(deployment.published(name)),
            remedy=f"`tally publish {name}` publishes the newest run",
        )
    return latest.resolve()


def ask(deployment: Deployment, name: str, question: str, *, rows: int) -> None:
    """Show the answer to a question on the terminal, so many rows of it."""
    file = newest_publication(deployment, name)
    with query(file, _whole(question), rows + 1) as told:
        found = pl.concat(told.pieces)
    numbers = [column for column, kind in told.kinds.items() if kind in NUMBER_KINDS]
    presenter.show_table(found.head(rows), file.stem, numbers=numbers)
    if found.height > rows:
        presenter.say(
            f"these are the first {count(rows, 'row')}, and there are more: --rows shows as many "
            "as you say, --csv and --json give all of them"
        )


def ask_as_csv(deployment: Deployment, name: str, question: str) -> None:
    """Print the whole answer as CSV, in which nothing is a formula."""
    with query(newest_publication(deployment, name), _whole(question)) as told:
        presenter.show_lines(_csv(told))


def ask_as_json(deployment: Deployment, name: str, question: str) -> None:
    """Print the whole answer as one JSON document: a list with an object for each row."""
    with query(newest_publication(deployment, name), _whole(question)) as told:
        rows = (row for piece in told.pieces for row in rows_as_json(piece, told.kinds))
        presenter.show_json_rows(rows)


def export_publication(
    deployment: Deployment, name: str, folder: Path, formats: Sequence[Format], *, as_json: bool
) -> None:
    """Write the newest publication's views into a folder."""
    file = newest_publication(deployment, name)
    written = export(file, folder, formats)
    if as_json:
        presenter.show_json({"publication": str(file), "folder": str(folder), "files": written})
    else:
        presenter.say(f"{count(len(written), 'file')} of {file.stem} written to {folder}")


def _csv(told: QueryResult) -> Iterator[str]:
    for number, piece in enumerate(told.pieces):
        yield rows_as_csv(piece, told.kinds, header=number == 0)


def _whole(question: str) -> str:
    """Give the question, or read it from standard input when it is `-`."""
    return sys.stdin.read() if question == "-" else question
