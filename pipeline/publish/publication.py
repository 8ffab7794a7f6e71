"""What a publication holds: the store's tables, files of the run, and views with names."""

import re
from collections.abc import Mapping
from pathlib import Path

import polars as pl

import sql
from pipeline.cells.hierarchy import ancestor_at, ids_on_path
from pipeline.plan.rules.reasons import NEW, SENTENCES
from pipeline.run.seal import NEW_VALUES
from pipeline.store.copying import count_rows, read_every_table
from pipeline.store.database import literal
from pipeline.store.records import Database
from pipeline.store.steps import prepare, query_frame
from pipeline.text.errors import RefusedError, TallyError
from pipeline.text.wording import count, number

# What a plan keeps is already right, and nearly all of a night; run_actions counts it. New values
# are told by their cells, and all for one reason.
_NEW = f"(select *, {literal(SENTENCES[NEW])} as reason from read_parquet(?))"  # noqa: S608  # ours
_RUN_FILES = {
    "run_files.new_values": (NEW_VALUES, _NEW),
    "run_files.plan": ("plan.parquet", "read_parquet(?) where action is distinct from 'keep'"),
    "run_files.rejects": ("rejects.parquet", "read_parquet(?)"),
    "run_files.remainders": ("remainders.parquet", "read_parquet(?)"),
}

_FOR_ANALYSTS: tuple[sql.ObjectKind, ...] = ("views", "macros")

_SCHEMAS = ("metadata", "run_files", "cells")

# Several threads leave blocks half full, which are then written twice; what repeats in these tables
# is whole texts, so looking for parts that repeat takes a fifth of the time and saves nothing.
_FOR_FILLING = "set threads = 1; set disabled_compression_methods = 'fsst'"

# What views join to by these has one row for each: so a view with names has the rows of what it
# names, no more and no less.
_ONE_ROW_PER = {
    "cells.form_cells": ("id",),
    "cells.org_units": ("id",),
    "cells.periods": ("id", "period"),
    "metadata.category_option_combos": ("id",),
    "metadata.data_elements": ("id",),
    "metadata.data_sets": ("id",),
    "metadata.org_units": ("id",),
    "metadata.program_indicators": ("id",),
    "packed.run_numbers": ("id",),
    "packed.runs": ("run_id",),
    "packed.targets": ("id",),
}


def fill(
    database: Database, run_folder: Path, metadata: Mapping[str, pl.DataFrame]
) -> dict[str, int]:
    """Add to a copy of the store all else that a publication has; returns the rows of each table.

    Every row of the store is read, so that no damaged one is published.
    """
    database.execute(_FOR_FILLING)
    make_tables(database)
    rows = read_every_table(database)
    for table in sql.names("tables"):
        schema, name = table.split(".")
        if schema == "metadata":
            rows[table] = _load_frame(database, table, metadata.get(name, pl.DataFrame()))
        if schema == "run_files":
            rows[table] = _load_run_file(database, table, run_folder)
    make_views(database)
    _describe(database)
    database.execute("checkpoint")
    return rows


def make_tables(database: Database) -> None:
    """Make the tables of a publication: those of the store, and what gives them names."""
    prepare(database)
    for schema in _SCHEMAS:
        database.execute(f"create schema {schema}")
    for name in sql.names("tables"):
        if not name.startswith("packed."):
            database.execute(sql.read("tables", name))
    for name in sql.names("macros"):  # an older Tally may have left its own
        if name.startswith("packed."):
            database.execute(sql.read("macros", name))


def make_views(database: Database) -> None:
    """Make what analysts read, over tables that have all their columns."""
    for name in sql.names("views"):
        if "." in name:
            database.execute(sql.read("views", name))
    make_plain_views(database)


def make_plain_views(database: Database) -> None:
    """Make the macros and views of no schema, which ask those of `packed` and `cells`.

    DuckDB looks up what an object asks when it is made, so a macro stands before its views.
    """
    for kind in ("macros", "views"):
        for name in sql.names(kind):
            if "." not in name:
                database.execute(sql.read(kind, name))


def require_newest(database: Database, run_id: str) -> None:
    """Go on only when the publication's newest run is the one that was named."""
    newest = database.execute("select max(run_id) from packed.runs").fetchall()[0][0]
    if newest != run_id:
        raise RefusedError(
            f"run {run_id} is not the newest of the store, which is {newest}",
            remedy="`tally publish NAME` publishes that one",
        )


def guide(database: Database) -> str:
    """The page for analysts, in Markdown: what a publication has and how their tools open it."""
    query = "select run_id, transfer from latest_run"
    ((run_id, transfer),) = database.execute(query).fetchall()
    calls = {view: view for view in sql.names("views")} | _calls(database)
    objects = [
        f"| `{calls[name]}` | {sql.comment(kind, name)} |"
        for kind in _FOR_ANALYSTS
        for name in sql.names(kind)
        if "." not in name
    ]
    return sql.guide().substitute(transfer=transfer, run_id=run_id, objects="\n".join(objects))


def _calls(database: Database) -> dict[str, str]:
    query = "select function_name, parameters from duckdb_functions() where not internal"
    found = database.execute(query).fetchall()
    return {name: f"{name}({', '.join(parameters)})" for name, parameters in found}


def insist_on_rows(database: Database, rows: Mapping[str, int]) -> None:
    """Read a publication as an analyst would; every table has the rows that it must.

    Every view answers, and no name is there twice, so none has a row too many or too few.
    """
    for table, expected in rows.items():
        found = count_rows(database, table)
        if found != expected:
            raise _unsound(f"{count(found, 'row')} in {table}, it should have {number(expected)}")
    for view in sql.names("views"):
        database.execute(f"from {view} limit 1").fetchall()
    for named, columns in _ONE_ROW_PER.items():
        for column in columns:
            query = f"select count({column}) - count(distinct {column}) from {named}"  # noqa: S608  # our names
            again = database.execute(query).fetchall()[0][0]
            if again:
                raise _unsound(f"{count(again, 'row')} of {named} with the {column} of another")


def _unsound(what: str) -> TallyError:
    remedy = "nothing was published; report this with the run's folder"
    return TallyError(f"the publication has {what}", remedy=remedy)


def with_ancestors(org_units: pl.DataFrame) -> pl.DataFrame:
    """Add the names of an org unit and those above it: level_1, level_2, as deep as they go."""
    if not {"id", "name", "path"} <= set(org_units.columns):
        return org_units
    depth = org_units.select(ids_on_path().list.len().max()).item() or 0
    names = dict(org_units.select("id", "name").iter_rows())
    return org_units.with_columns(
        ancestor_at(level)
        .replace_strict(names, default=None, return_dtype=pl.String)
        .alias(f"level_{level}")
        for level in range(1, depth + 1)
    )


def _load_frame(database: Database, table: str, frame: pl.DataFrame) -> int:
    if table == "metadata.org_units":
        frame = with_ancestors(frame)
        for name in frame.columns:
            if name.startswith("level_"):
                database.execute(f"alter table {table} add column if not exists {name} varchar")
    if not frame.columns:
        return 0
    database.register("incoming", frame)
    return _load(database, table, "incoming")


def _load_run_file(database: Database, table: str, run_folder: Path) -> int:
    name, source = _RUN_FILES[table]
    file = run_folder / name
    return _load(database, table, source, str(file)) if file.exists() else 0


def _load(database: Database, table: str, source: str, *binds: str) -> int:
    """Fill a table with the columns that it shares with the source; returns the source's rows."""
    theirs = query_frame(database, f"from {source} limit 0", *binds).columns
    ours = query_frame(database, f"from {table} limit 0").columns
    shared = ", ".join(name for name in ours if name in theirs)
    statement = f"insert into {table} by name select {shared} from {source}"  # noqa: S608  # our names
    database.execute(statement, binds)
    return count_rows(database, source, *binds)


def _describe(database: Database) -> None:
    """Write into a publication what each table, view, macro and column of it means."""
    comments = {f"table {name}": sql.comment("tables", name) for name in sql.names("tables")}
    comments |= {f"view {name}": sql.comment("views", name) for name in sql.names("views")}
    for name in sql.names("macros"):
        macro = "macro table" if " as table" in sql.read("macros", name) else "macro"
        comments[f"{macro} {name}"] = sql.comment("macros", name)
    meanings = sql.column_comments()
    query = "select schema_name, table_name, column_name from duckdb_columns() where not internal"
    for schema, table, column in database.execute(query).fetchall():
        meaning = meanings.get(re.sub(r"_\d+$", "_n", column), "")
        comments[f'column {schema}.{table}."{column}"'] = meaning
    statements = [f"comment on {thing} is {literal(text)};" for thing, text in comments.items()]
    database.execute("\n".join(["begin;", *statements, "commit;"]))
