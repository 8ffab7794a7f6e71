"""A folder with an expected.csv is a test of the view, macro or check it is named for.

`tests/sql/<object>/<case>/` holds one CSV for each table that has rows, `expected.csv`, and
`arguments.csv` for a macro. An empty field is a null. A packed cell is written as
`period/form cell/org unit`, three numbers of the dictionaries.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

import sql
from pipeline.publish.publication import make_tables, make_views
from pipeline.store.database import open_database
from pipeline.store.records import Database
from pipeline.store.steps import TABLES_IN_NUMBERS, do


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.name != "expected.csv":
        return None
    case: pytest.Collector = Case.from_parent(parent, path=file_path)
    return case


class Case(pytest.File):
    def collect(self) -> Iterator[pytest.Item]:
        yield Question.from_parent(self, name=self.path.parent.name)


class Question(pytest.Item):
    def runtest(self) -> None:
        folder = self.path.parent
        with open_database(None) as database:
            make_tables(database)
            make_views(database)
            tables = sorted(folder.glob("*.*.csv"))
            number_runs(database, tables)
            for table in tables:
                fill(database, table)
            asked = ask(database, folder)
        columns, expected = read(self.path)
        assert page(columns, asked) == page(columns, expected)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None, f"sql: {self.path.parent.parent.name}: {self.name}"


def read(file: Path) -> tuple[list[str], list[tuple[str | None, ...]]]:
    with file.open(encoding="utf-8", newline="") as lines:
        header, *rows = list(csv.reader(lines))
    return header, [tuple(field or None for field in row) for row in rows]


def page(columns: list[str], rows: list[tuple[str | None, ...]]) -> str:
    """Lay rows out for people, in an order of their own, so that a fault is easy to see."""
    lines = sorted(" | ".join(field or "-" for field in row) for row in rows)
    return "\n".join([" | ".join(columns), *lines])


NUMBERED = {
    "run_id": ("run", "packed.run_number", ""),
    "target_system_id": ("target", "packed.target_number", "add_target"),
    "event": ("event", "packed.event_number", ""),
}


IN_NUMBERS = {f"packed.{table}" for table in TABLES_IN_NUMBERS}


def number_runs(database: Database, tables: list[Path]) -> None:
    """Number all runs in their order, as the store does."""
    columns_and_rows = [read(table) for table in tables]
    named = {
        row[columns.index("run_id")]
        for columns, rows in columns_and_rows
        for row in rows
        if "run_id" in columns
    }
    for run_id in sorted(run_id for run_id in named if run_id and run_id != "unknown"):
        do(database, "add_run_number", run_id)


def number(
    database: Database, columns: list[str], rows: list[tuple[str | None, ...]]
) -> tuple[list[str], list[tuple[str | None, ...]]]:
    """Give rows as the store has them: runs, targets and events by numbers."""
    numbered = []
    for row in rows:
        fields = dict(zip(columns, row, strict=True))
        for name, (_, macro, step) in NUMBERED.items():
            if name not in fields:
                continue
            if step and fields[name] != "unknown":
                do(database, step, fields[name])
            found = database.execute(f"select {macro}(?)", [fields[name]]).fetchall()[0][0]
            fields[name] = str(99 if found is None else found)
        numbered.append(tuple(fields.values()))
    names = [NUMBERED[name][0] if name in NUMBERED else name for name in columns]
    return names, numbered


def fill(database: Database, file: Path) -> None:
    columns, rows = read(file)
    if file.stem in IN_NUMBERS:
        columns, rows = number(database, columns, rows)
    fields = ", ".join("?" for _ in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    statement = f"insert into {file.stem} ({names}) values ({fields})"  # noqa: S608  # our tables
    for row in rows:
        database.execute(statement, [packed(field) for field in row])


def packed(field: str | None) -> str | int | None:
    parts = (field or "").split("/")
    if len(parts) == 3 and all(part.isdigit() for part in parts):
        period, form_cell, org_unit = map(int, parts)
        return (period << 48) | (form_cell << 28) | org_unit
    return field


def ask(database: Database, folder: Path) -> list[tuple[str | None, ...]]:
    """Ask for the expected columns, as text."""
    name = folder.parent.name
    columns, _ = read(folder / "expected.csv")
    database.execute("set variable since = 0::uinteger")
    source, binds = name, list[object]()
    if name in sql.names("macros"):
        _, ((*binds,),) = read(folder / "arguments.csv")
        source = f"{name}({', '.join('?' for _ in binds)})"
    if name in sql.names("checks"):
        source = f"({sql.read('checks', name).rstrip().removesuffix(';')})"
    texts = ", ".join(f'{shown(column)} as "{column}"' for column in columns)
    query = f"select {texts} from {source}"  # noqa: S608  # our views, macros and checks
    return database.execute(query, binds).fetchall()


def shown(column: str) -> str:
    if column != "cell":
        return f'cast("{column}" as varchar)'
    parts = ("period_of", "form_cell_of", "org_unit_of")
    return f"concat_ws('/', {', '.join(f'packed.{part}(cell)' for part in parts)})"
