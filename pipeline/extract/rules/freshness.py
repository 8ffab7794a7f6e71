"""When the tables that a transfer reads were built last: a run may leave them out."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import polars as pl

from pipeline.text.wording import span

# A server writes the start of a run in two places, some milliseconds apart; runs start on ticks
# of 20 seconds.
_SAME_RUN = timedelta(seconds=10)
USUAL_TABLE = "EVENT"


class TableRun(NamedTuple):
    """A run of analytics tables that ended well: when it began, and what it left out.

    `skipped`: types of tables, as DHIS2 calls them. `skipped_programs`: ids.
    """

    started: datetime
    skipped: frozenset[str] = frozenset()
    skipped_programs: frozenset[str] = frozenset()


class Needs(NamedTuple):
    """What indicators are counted from: types of tables (EVENT, ENROLLMENT), ids of programs."""

    tables: frozenset[str]
    programs: frozenset[str] = frozenset()


class Built(NamedTuple):
    """When the tables that are needed were built last (None: never, or too long ago to be told).

    `is_told`: the server tells which tables its last good run built.
    """

    moment: datetime | None
    is_told: bool


def needs_of(indicators: pl.DataFrame) -> Needs:
    """What program indicators (analytics_type, program) are counted from."""
    tables = indicators["analytics_type"].fill_null(USUAL_TABLE).unique()
    return Needs(frozenset(tables), frozenset(indicators["program"].drop_nulls()))


def built_last(last_good: datetime | None, runs: Sequence[TableRun] | None, needs: Needs) -> Built:
    """When what is needed was built last.

    `last_good` is when the last good run began, whatever it built; `runs` are those that the
    server tells (None: it tells none). Where the last good run is not among them, it is believed.
    """
    if last_good is None or runs is None:
        return Built(last_good, is_told=last_good is None)
    whole = [
        one.started
        for one in runs
        if needs.tables.isdisjoint(one.skipped) and needs.programs.isdisjoint(one.skipped_programs)
    ]
    newest = max(whole, default=None)
    if newest is not None and newest >= last_good - _SAME_RUN:
        return Built(last_good, is_told=True)
    if any(abs(one.started - last_good) <= _SAME_RUN for one in runs):
        return Built(newest, is_told=True)
    return Built(last_good, is_told=False)


def in_words(age: timedelta | None, *, left_out: bool) -> str:
    """How old the tables are: were never built, or were built so long ago.

    `left_out`: the last run left out what is needed.
    """
    if not left_out:
        return "were never built" if age is None else f"were built {span(age)} ago"
    since = "nor does the server tell when they were" if age is None else f"but {span(age)} ago"
    return f"were not built by its last run, which left out events or programs, {since}"
