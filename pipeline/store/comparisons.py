"""Tracker and paper side by side, as each run was compared."""

from dataclasses import astuple

import polars as pl

from pipeline.cells.dictionaries import Dictionaries
from pipeline.store.dictionaries import (
    DICTIONARY_TABLES,
    DictionaryTables,
    add_dictionaries,
    dictionary_frames,
)
from pipeline.store.records import ComparisonRecord, Database
from pipeline.store.steps import do, insist


class ComparisonTables(DictionaryTables):
    """One row per cell that either side filled when the newest comparison was made."""

    def commit_comparison(
        self, comparison: ComparisonRecord, dictionaries: Dictionaries, compared: pl.DataFrame
    ) -> bool:
        """Remember tracker and paper side by side; only the newest run can, any number of times.

        `compared` has `cell`, `tracker_value`, `manual_value`. Returns whether it was the newest.
        """
        frames = {
            **dictionary_frames(dictionaries),
            "compared_cells": compared.select("cell", "tracker_value", "manual_value"),
        }
        run_id = comparison.run_id
        with self._writing(frames) as store:
            newest = store.execute("select max(run_id) from packed.runs").fetchall()[0][0]
            if newest != run_id:
                return False
            forget_comparison(store, run_id)
            add_dictionaries(store)
            do(store, "record_compared_changes", run_id)
            do(store, "rewrite_compared_values")
            do(store, "add_comparison", *astuple(comparison))
            insist(store, run_id, (*DICTIONARY_TABLES, "compared_changes", "compared_values"))
        return True


def forget_comparison(store: Database, run_id: str) -> None:
    """Forget that the newest run was compared, if it was."""
    query = "select count(*) from packed.comparisons where run_id = ?"
    if store.execute(query, [run_id]).fetchall() == [(0,)]:
        return
    do(store, "rewind_comparison", run_id)
    do(store, "forget_compared_changes", run_id)
    do(store, "forget_comparison", run_id)
