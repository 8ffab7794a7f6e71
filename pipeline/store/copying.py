"""A store made of another, or of a publication: what is known once is carried over."""

import shutil
from pathlib import Path

import sql
from pipeline.files.whole import whole_file
from pipeline.store.database import literal, open_database, open_often, private_folder
from pipeline.store.publications import letters_of_disk
from pipeline.store.records import SCHEMA_VERSION, Database
from pipeline.store.steps import (
    TABLES_IN_NUMBERS,
    insist,
    number_words,
    prepare,
    refuse_newer,
    set_words_aside,
    version_of,
)
from pipeline.text.errors import RefusedError


def copy_store(database: Database, origin: Path) -> dict[str, int]:
    """Copy what a store consists of, from a store or from a publication; returns its rows.

    A table that an older Tally did not have stays empty.
    """
    database.execute(f"attach {literal(str(origin))} as origin (read_only)")
    refuse_newer(database, "origin.packed")
    query = "select schema_name, table_name from duckdb_tables() where database_name = 'origin'"
    there = {".".join(name) for name in database.execute(query).fetchall()}
    rows = dict.fromkeys((name for name in sql.names("tables") if name.startswith("packed.")), 0)
    del rows["packed.store_version"]
    in_words = version_of(database, "origin.packed") < SCHEMA_VERSION
    for table in rows:
        if table in there:
            if not in_words or table.removeprefix("packed.") not in TABLES_IN_NUMBERS:
                database.execute(f"insert into {table} by name from origin.{table}")
            rows[table] = count_rows(database, f"origin.{table}")
    if in_words:
        set_words_aside(database, "origin.packed", there)
        number_words(database)
    database.execute("detach origin")
    return rows


def copy_file(store_path: Path, copy: Path) -> None:
    """Copy a store's file as it lies, while nobody can write to it.

    What DuckDB noted beside the file is brought into it before. Raises `LockedError` when another
    process has the store open, `RefusedError` when it is damaged.
    """
    if store_path.with_name(f"{store_path.name}.wal").exists():
        with open_often(store_path):
            pass
    with open_often(store_path, read_only=True):
        try:
            shutil.copyfile(store_path, copy)
        except OSError as fault:  # it names the file that is read, not the one without room
            fault.filename = str(copy)
            raise


def read_every_table(database: Database) -> dict[str, int]:
    """The rows of each table of a store, of which every block was read: none is damaged."""
    rows = {}
    for table in sql.names("tables"):
        if table.startswith("packed."):
            query = f"select count(*), bit_xor(hash(row)) from {table} as row"  # noqa: S608  # ours
            rows[table] = int(database.execute(query).fetchall()[0][0])
    del rows["packed.store_version"]
    return rows


def count_rows(database: Database, source: str, *binds: str) -> int:
    """Count the rows of a table, or of a table function with binds."""
    query = f"select count(*) from {source}"  # noqa: S608  # a table or view of ours
    return int(database.execute(query, binds).fetchall()[0][0])


def restore(published_file: Path, store_path: Path) -> None:
    """Make a private store of what a publication carries: dictionaries, history and ledger.

    What happened after that publication is not in it; the next plan shows it as conflicts.
    Raises `RefusedError` when a store stands in the way or the publication is not sound.
    """
    if store_path.exists():
        raise RefusedError(
            "a store stands where one was to be restored",
            where=str(store_path),
            remedy="set it aside under another name first",
        )
    private_folder(store_path.parent)
    with letters_of_disk(store_path), whole_file(store_path, mode=0o600) as unfinished:
        unfinished.unlink(missing_ok=True)
        with open_database(unfinished) as store:
            prepare(store)
            copy_store(store, published_file)
            insist(store)
