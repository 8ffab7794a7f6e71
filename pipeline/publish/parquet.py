"""The Parquet beside a publication: the rows of analysts' views, in the order of its tables.

A name stands in a million rows and is one of a few thousand. Where DuckDB knows that beforehand,
a file of names costs a quarter.
"""

from pathlib import Path

import sql
from pipeline.publish.publication import make_plain_views
from pipeline.store.database import literal, open_database
from pipeline.store.publications import EXPORTED, ROWS_EXPORTED
from pipeline.store.records import Database

_NAMED_A_MILLION_TIMES = "cells"


def write_parquet_files(publication: Path, files: dict[str, Path]) -> None:
    """Write some views of a publication as Parquet, each into its file.

    Of the changes and of the plan, only some rows are written (`ROWS_EXPORTED`).
    """
    with open_database(None) as database:
        _make_views_over(database, publication)
        _keep_order(database)
        for name, file in files.items():
            only = ROWS_EXPORTED.get(name, "")
            rows = f"select {EXPORTED[name]} from {name} {only}"  # noqa: S608  # our names
            database.execute(f"copy ({rows}) to ? (format parquet, compression zstd)", [str(file)])


def _make_views_over(database: Database, publication: Path) -> None:
    """Make the publication's views over its tables; those that give names know their texts."""
    database.execute(f"attach {literal(str(publication))} as publication (read_only)")
    made = [*sql.names("tables"), *(view for view in sql.names("views") if "." in view)]
    for schema in sorted({name.split(".")[0] for name in made}):
        database.execute(f"create schema {schema}")
    for name in made:
        if name.split(".")[0] == _NAMED_A_MILLION_TIMES:
            _copy_with_known_texts(database, name)
        else:
            database.execute(f"create view {name} as from publication.{name}")
    for name in sql.names("macros"):
        if name.startswith("packed."):
            database.execute(sql.read("macros", name))
    make_plain_views(database)


def _copy_with_known_texts(database: Database, table: str) -> None:
    """Copy what is small in the publication; each of its texts becomes one of a closed list."""
    columns = database.execute(f"describe publication.{table}").fetchall()
    texts = {name for name, kind, *_ in columns if kind == "VARCHAR"}
    for name in texts:
        known = f"select distinct {name} from publication.{table} where {name} is not null"  # noqa: S608  # our names
        database.execute(f'create type "{table}.{name}" as enum ({known} order by all)')
    typed = ", ".join(f'{n}::"{table}.{n}" as {n}' if n in texts else n for n, *_ in columns)
    database.execute(f"create table {table} as select {typed} from publication.{table}")  # noqa: S608  # our names


def _keep_order(database: Database) -> None:
    """Let questions give rows in the order in which the tables have them, as they were sorted.

    One thread that never swaps the sides of a join does; sorting a million rows of names again
    costs more than writing them.
    """
    database.execute("set threads = 1")
    database.execute("set disabled_optimizers = 'join_order,build_side_probe_side'")
