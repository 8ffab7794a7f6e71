"""Which entries of a ledger begin and end when cells are opened and closed; what stands then."""

from datetime import datetime

import polars as pl

from pipeline.store.rules.merging import merged, sorted_by_cell, without


def new_openings(opened: pl.DataFrame, entries: pl.DataFrame, run: int) -> pl.DataFrame:
    """The cells of `opened` that the run has not opened with this number before.

    `opened` has `cell`, `value`, `event`; `entries` has `cell`, `value`, `run`, `loaded_at`.
    """
    its_own = entries.filter(pl.col("run") == run).select("cell", known="value")
    beside = sorted_by_cell(opened).join(
        sorted_by_cell(its_own), on="cell", how="left", validate="m:m"
    )
    return beside.filter(pl.col("known").ne_missing(pl.col("value"))).drop("known")


def closings_of(closed: pl.DataFrame, opened: pl.DataFrame, entries: pl.DataFrame) -> pl.DataFrame:
    """The entries that end, in the order of cells: `cell`, `event`, and the `value` they had.

    A cell that is not open has nothing to end; one that is opened at the same time stays open.
    """
    ending = closed.join(opened, on="cell", how="anti", maintain_order="left")
    ended = ending.join(entries, on="cell", how="inner", validate="1:1")
    return sorted_by_cell(ended.select("cell", "event", "value"))


def entries_after(
    entries: pl.DataFrame, opened: pl.DataFrame, ended: pl.DataFrame, run: int, at: datetime
) -> pl.DataFrame:
    """The entries that stand after a run opened and ended some, in the order of cells."""
    touched = merged(opened.select("cell"), ended.select("cell"))
    begun = opened.select(
        "cell",
        "value",
        run=pl.lit(run, entries.schema["run"]),
        loaded_at=pl.lit(at).dt.replace_time_zone(None).cast(entries.schema["loaded_at"]),
    )
    return merged(without(entries, touched), begun)
