"""Steps and checks of SQL, on a connection that somebody else opened."""

import re
from collections.abc import Collection

import polars as pl

import sql
from pipeline.store.records import SCHEMA_VERSION, Database, FailedCheck
from pipeline.text.errors import RefusedError, TallyError

KINDS_OF_A_STORE: tuple[sql.ObjectKind, ...] = ("tables", "macros")
# Version 1 kept runs, targets and events of these in words, in each row.
TABLES_IN_NUMBERS = ("ledger", "ledger_events", "snapshot_changes", "compared_changes")

_BEFORE_COMPARISONS = """
create temp table compared_changes_in_words (
    run_id varchar, cell ubigint, old_tracker_value double, new_tracker_value double,
    old_manual_value double, new_manual_value double, place bigint
)
"""


def prepare(database: Database) -> None:
    """Make the tables of a private store that are not there; refuse those of a newer Tally.

    Tables of an older one become those of this one.
    """
    query = "select table_name from duckdb_tables() where schema_name = 'packed'"
    found = {f"packed.{name}" for (name,) in database.execute(query).fetchall()}
    wanted = {name for name in sql.names("tables") if name.startswith("packed.")}
    is_older = False
    if found:
        refuse_newer(database, "packed")
        is_older = version_of(database, "packed") < SCHEMA_VERSION
    else:
        database.execute("create schema packed")
    if is_older:
        set_words_aside(database, "packed", found)
        for table in TABLES_IN_NUMBERS:
            database.execute(f"drop table if exists packed.{table}")
        found -= {f"packed.{table}" for table in TABLES_IN_NUMBERS}
    if found < wanted:
        make_packed(database, "tables")
        make_packed(database, "macros")
    if is_older:
        number_words(database)
        database.execute("update packed.store_version set version = ?", [SCHEMA_VERSION])
    if not found:
        database.execute("insert into packed.store_version values (?)", [SCHEMA_VERSION])


def make_packed(database: Database, kind: sql.ObjectKind) -> None:
    """Make the objects of a kind that a private store has."""
    for name in sql.names(kind):
        if name.startswith("packed."):
            database.execute(sql.read(kind, name))


def set_words_aside(database: Database, schema: str, there: Collection[str]) -> None:
    """Keep what `schema` has in words, as version 1 had it, for `number_words`.

    `there` has the tables that there are, as `packed.*`.
    """
    if "packed.compared_changes" not in there:
        database.execute(_BEFORE_COMPARISONS)
    for table in TABLES_IN_NUMBERS:
        if f"packed.{table}" in there:
            rows = f"select *, row_number() over () as place from {schema}.{table}"  # noqa: S608  # ours
            database.execute(f"create temp table {table}_in_words as {rows}")


def number_words(database: Database) -> None:
    """Keep in numbers what was set aside in words."""
    for step in (
        *("number_targets", "number_runs", "number_ledger", "number_ledger_events"),
        *("number_snapshot_changes", "number_compared_changes"),
    ):
        do(database, step)
    for table in TABLES_IN_NUMBERS:
        database.execute(f"drop table {table}_in_words")


def version_of(database: Database, schema: str) -> int:
    """The version of the store whose tables `schema` has."""
    query = f"select max(version) from {schema}.store_version"  # noqa: S608  # one of our own names
    return int(database.execute(query).fetchall()[0][0])


def refuse_newer(database: Database, schema: str) -> None:
    """Raise `RefusedError` when the tables of `schema` were made by a newer Tally."""
    version = version_of(database, schema)
    if version > SCHEMA_VERSION:
        raise RefusedError(
            f"the store was written by a newer Tally: its shape has number {version},"
            f" this one knows {SCHEMA_VERSION}",
            remedy="use the newer Tally",
        )


def do(store: Database, step: str, *binds: object) -> None:
    """Make the sentence at the head of `sql/steps/<step>.sql` true."""
    store.execute(sql.read("steps", step), list(binds))


def query_frame(store: Database, query: str, *binds: object) -> pl.DataFrame:
    """The answer to a query."""
    answer: pl.DataFrame = store.sql(query, params=list(binds)).pl()
    return answer


def failed_checks(
    store: Database, since: str = "", tables: Collection[str] = ()
) -> list[FailedCheck]:
    """The checks that found bad rows of a run and those after it.

    Every check is asked, or those that read one of some `tables` of the schema packed.
    """
    query = "select coalesce(min(id), 4294967295) from packed.run_numbers where run_id >= ?"
    number = store.execute(query, [since]).fetchall()[0][0] if since else 0
    store.execute("set variable since = ?::uinteger", [number])
    texts = {name: sql.read("checks", name) for name in sql.names("checks")}
    asked = [
        FailedCheck(name, len(store.execute(text).fetchall()))
        for name, text in texts.items()
        if not tables or any(re.search(rf"\bpacked\.{table}\b", text) for table in tables)
    ]
    return [failure for failure in asked if failure.rows]


def insist(store: Database, since: str = "", tables: Collection[str] = ()) -> None:
    """Go on only when no check that concerns `tables` finds a bad row of a run or those after it.

    Without tables every check is asked.
    """
    failures = failed_checks(store, since, tables)
    if failures:
        found = ", ".join(f"{failure.check} ({failure.rows})" for failure in failures)
        raise TallyError(
            f"the store would contradict itself: {found}",
            remedy="nothing was stored; report this with the run's folder",
        )
