"""What a person sees while and after a command runs; results on stdout, the rest on stderr."""

import json
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import polars as pl
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from pipeline.report.answers import plain_number
from pipeline.run.progress import Silence, Steps
from pipeline.text.escaping import visible
from pipeline.text.streams import is_heard
from pipeline.text.wording import count, number

WITHOUT_TERMINAL = 10_000  # columns of a file or pipe: nothing is folded there


class _Bar:
    def __init__(self, progress: Progress, title: str) -> None:
        self._progress = progress
        self._task = progress.add_task(title, total=None, done="", rate="")
        self._rows = 0
        self._of_rows = False

    def begin(self, total: int, *, of_rows: bool = False) -> None:
        self._of_rows = of_rows
        self._progress.update(self._task, total=total)

    def step(self, rows: int = 0) -> None:
        self._rows += rows
        bar = self._progress.tasks[0]
        advance = rows if self._of_rows else 1
        self._progress.update(
            self._task,
            advance=advance,
            done=f"{number(bar.completed + advance)}/{number(bar.total)}",
            rate=f"{count(self._rows, 'row')}, {number(self._rows // (bar.elapsed or 1))}/s",
        )


@contextmanager
def steps(title: str) -> Iterator[Steps]:
    """Show a progress bar with rows and rate on a terminal; be quiet anywhere else."""
    if not sys.stderr.isatty():
        yield Silence()
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[done]}"),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield _Bar(progress, title)


def say(text: str) -> None:
    """Print one thing for the person at the terminal, on stderr."""
    Console(stderr=True, highlight=False).print(Text(text), soft_wrap=True)


def show_markdown(text: str) -> None:
    """Show a report: laid out on a terminal, as it is written anywhere else."""
    console = Console()
    if console.is_terminal:
        from rich.markdown import Markdown

        console.print(Markdown(text))
    else:
        print(text)  # noqa: T201  # this module is where Tally prints


def show_json(content: Any) -> None:  # noqa: ANN401  # JSON has no narrower type
    """Print one JSON document, for scripts."""
    print(json.dumps(content, indent=2, ensure_ascii=False, default=str))  # noqa: T201  # as above


def show_lines(lines: Iterable[str]) -> None:
    """Print text as it is, one or more lines at a time, until whoever reads it has read enough."""
    for some in lines:
        sys.stdout.write(some)
        if not is_heard(sys.stdout):  # as in `tally sql … | head`
            break


def show_json_rows(rows: Iterable[str]) -> None:
    """Print one JSON list of rows that are JSON already, however many there are."""
    show_lines(_json_list(rows))


def _json_list(rows: Iterable[str]) -> Iterator[str]:
    separator = "[\n"
    for row in rows:
        yield f"{separator}{row}"
        separator = ",\n"
    yield "[]\n" if separator.startswith("[") else "\n]\n"


def show_table(frame: pl.DataFrame, title: str = "", numbers: Collection[str] = ()) -> None:
    """Print a small frame as a table: names stay text, whatever they contain.

    `numbers` are columns of text that are numbers. Where a terminal is too narrow for the table,
    each row is a small table of its own.
    """
    rows = [[_plain(value) for value in row] for row in frame.iter_rows()]
    headings = [_plain(name.replace("_", " ")) for name in frame.columns]
    right = [kind.is_numeric() or name in numbers for name, kind in frame.schema.items()]
    table = _table(headings, right, rows)
    console = Console(width=None if sys.stdout.isatty() else WITHOUT_TERMINAL)
    if title:
        console.print(Text(title))
    roomy = console.options.update(max_width=WITHOUT_TERMINAL)
    if console.measure(table, options=roomy).maximum <= console.width:
        console.print(table)
        return
    for place, row in enumerate(rows, start=1):
        pairs = [[heading, value] for heading, value in zip(headings, row, strict=True)]
        console.print(_table(["row", number(place)], [False, False], pairs))


def show_rows(frame: pl.DataFrame, nothing: str, *, as_json: bool) -> None:
    """Print a small frame for a person or a script; a person reads `nothing` where it is empty."""
    if as_json:
        show_json(frame.to_dicts())
    elif frame.is_empty():
        say(nothing)
    else:
        show_table(frame)


def _table(headings: Sequence[str], right: Sequence[bool], rows: Iterable[Iterable[str]]) -> Table:
    table = Table(highlight=False)
    for heading, is_right in zip(headings, right, strict=True):
        table.add_column(Text(heading), justify="right" if is_right else "left")
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, int) and not isinstance(value, bool):
        return number(value)  # a count: the numbers of cells are floats or text
    return plain_number(str(value)) if isinstance(value, float) else visible(str(value))
