"""The numbers by which the store knows periods, form cells and org units."""

from datetime import date

import polars as pl

from pipeline.cells.dictionaries import Dictionaries
from pipeline.cells.periods import parse_period
from pipeline.store.file import StoreFile
from pipeline.store.records import Database
from pipeline.store.steps import do, query_frame
from pipeline.text.errors import UsageError

DICTIONARY_TABLES = ("periods", "form_cells", "org_units")


class DictionaryTables(StoreFile):
    """What the store knows of the parts of cells."""

    def dictionaries(self) -> Dictionaries:
        """The numbers of all periods, form cells and org units that were ever met."""
        with self._reading() as store:
            return Dictionaries(
                query_frame(store, "select id, period from packed.periods order by id"),
                query_frame(store, "from packed.form_cells order by id"),
                query_frame(store, "from packed.org_units order by id"),
            )


def dictionary_frames(dictionaries: Dictionaries) -> dict[str, pl.DataFrame]:
    """The frames that `add_dictionaries` reads, by the names that its steps give them."""
    return {
        "new_periods": with_dates(dictionaries.periods),
        "new_form_cells": dictionaries.form_cells,
        "new_org_units": dictionaries.org_units,
    }


def add_dictionaries(store: Database) -> None:
    """Add to the dictionaries what is new in the frames of `dictionary_frames`."""
    for step in ("add_periods", "add_form_cells", "add_org_units"):
        do(store, step)


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
