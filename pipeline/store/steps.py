"""What a store is asked and told: steps of SQL, on a connection that somebody else opened."""

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime

import polars as pl

import sql
from pipeline.cells.periods import parse_period
from pipeline.store.records import SCHEMA_VERSION, Database, FailedCheck, RunRecord
from pipeline.text.errors import RefusedError, TallyError, UsageError
from pipeline.text.wording import number

KINDS_OF_A_STORE: tuple[sql.ObjectKind, ...] = ("tables", "macros")


def prepare(database: Database) -> None:
    """Make the tables of a private store that are not there; refuse those of a newer Tally."""
    query = "select table_name from duckdb_tables() where schema_name = 'packed'"
    found = {f"packed.{name}" for (name,) in database.execute(query).fetchall()}
    wanted = {name for name in sql.names("tables") if name.startswith("packed.")}
    if found:
        refuse_newer(database, "packed")
    else:
        database.execute("create schema packed")
    if found < wanted:
        for kind in KINDS_OF_A_STORE:
            for name in sql.names(kind):
                if name.startswith("packed."):
                    database.execute(sql.read(kind, name))
    if not found:
        database.execute("insert into packed.store_version values (?)", [SCHEMA_VERSION])


def refuse_newer(database: Database, schema: str) -> None:
    """Raise `RefusedError` when the tables of `schema` were made by a newer Tally."""
    query = f"select max(version) from {schema}.store_version"  # noqa: S608  # one of our own names
    version = database.execute(query).fetchall()[0][0]
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
    """Give the answer to a query as a frame."""
    answer: pl.DataFrame = store.sql(query, params=list(binds)).pl()
    return answer


def make_room(store: Database, run: RunRecord) -> None:
    """Forget the run's own earlier snapshot; refuse what history does not allow."""
    query = "select run_id, stage from packed.runs order by run_id desc limit 2"
    newest, before = [*store.execute(query).fetchall(), ("", ""), ("", "")][:2]
    if newest[0] < run.run_id:
        return
    if newest != (run.run_id, "transformed"):
        raise RefusedError(
            f"run {run.run_id} cannot make its values anew: run {newest[0]} is {newest[1]}",
            remedy="begin a new run with `tally run NAME`",
        )
    forget_comparison(store, run.run_id)
    do(store, "rewind_snapshot", before[0])
    do(store, "forget_changes", run.run_id)
    do(store, "forget_run", run.run_id)


def forget_comparison(store: Database, run_id: str) -> None:
    """Forget that the newest run was compared, if it was."""
    query = "select count(*) from packed.comparisons where run_id = ?"
    if store.execute(query, [run_id]).fetchall() == [(0,)]:
        return
    do(store, "rewind_comparison", run_id)
    do(store, "forget_compared_changes", run_id)
    do(store, "forget_comparison", run_id)


def move_target(store: Database, run_id: str, old: str, new: str, at: datetime) -> None:
    """Let all that was told of a target be told of its new system id."""
    do(store, "supersede_late_corrections", run_id, at, new)
    for step in ("move_entries", "move_events", "move_late_corrections"):
        do(store, step, new, old)
    insist(store, tables={"ledger", "ledger_events", "late_corrections"})


def stage_of(store: Database, run_id: str) -> str:
    """Tell how far a run came: transformed, planned or loaded."""
    found = store.execute("select stage from packed.runs where run_id = ?", [run_id]).fetchall()
    if not found:
        raise RefusedError(
            f"the store has no run {run_id}",
            remedy="give `tally transform NAME` before `tally plan NAME`",
        )
    return str(found[0][0])


def failed_checks(
    store: Database, since: str = "", tables: Collection[str] = ()
) -> list[FailedCheck]:
    """Ask for the bad rows of a run and those after it; give the checks that found some.

    Every check is asked, or those that read one of some `tables` of the schema packed.
    """
    store.execute("set variable since = ?", [since])
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
        told = ", ".join(f"{failure.check} ({failure.rows})" for failure in failures)
        raise TallyError(
            f"the store would contradict itself: {told}",
            remedy="nothing was stored; report this with the run's folder",
        )


def insist_on_names(store: Database) -> None:
    """Go on only when the dictionaries know all parts of the cells that are to be opened."""
    nameless = store.execute(sql.read("steps", "nameless_cells")).fetchall()[0][0]
    if nameless:
        raise TallyError(
            f"the store does not know which cells of the ledger these are: {number(nameless)}",
            remedy="nothing was stored; report this with the run's folder",
        )


def counted(name: str, counts: Mapping[str, int]) -> pl.DataFrame:
    """Make a frame of `name`, `cells` from counts by name."""
    shape = {name: pl.String, "cells": pl.Int64}
    return pl.DataFrame([*counts.items()], schema=shape, orient="row")


def with_dates(periods: pl.DataFrame) -> pl.DataFrame:
    """Add `period_type`, `start_date` and `end_date`; nulls for another calendar's periods."""
    shape = {"period_type": pl.String, "start_date": pl.Date, "end_date": pl.Date}
    known = [_dates(period) for period in periods["period"]]
    return periods.hstack(pl.DataFrame(known, schema=shape, orient="row"))


def _dates(period: str) -> tuple[str | None, date | None, date | None]:
    try:
        parsed = parse_period(period)
    except UsageError:
        return None, None, None
    return parsed.type, parsed.start, parsed.end
