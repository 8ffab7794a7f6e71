"""Which attribute option combos are not valid for a period or an org unit, by their options."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from pipeline.cells.hierarchy import is_at_or_below
from pipeline.cells.periods import following, period_of
from pipeline.plan.rules import reasons


def options_of(combos: pl.DataFrame, attribute_combos: Sequence[str]) -> pl.DataFrame:
    """The options of attribute option combos: attribute_option_combo, option.

    `combos`: id, category_options.
    """
    return (
        combos.filter(pl.col("id").is_in(list(attribute_combos)))
        .select(attribute_option_combo="id", option="category_options")
        .explode("option")
        .drop_nulls()
    )


def validity(dates: pl.DataFrame, data_sets: pl.DataFrame, period_type: str) -> pl.DataFrame:
    """From when to when a data set takes an option: data_set, option, valid_from, valid_to.

    `dates`: id, start_date, end_date of options. `data_sets`: id, open_periods_after_end. Where a
    data set stays open after the end, it does so to the last day of its last such period.
    """
    rows = [
        (data_set, option, start, _prolonged(end, period_type, more))
        for data_set, more in data_sets.select("id", "open_periods_after_end").iter_rows()
        for option, start, end in dates.select("id", "start_date", "end_date").iter_rows()
    ]
    names = {"data_set": pl.String, "option": pl.String, "valid_from": pl.Date, "valid_to": pl.Date}
    return pl.DataFrame(rows, schema=names, orient="row")


def _prolonged(end: date | None, period_type: str, more: int) -> date | None:
    if end is None or more <= 0:
        return end
    last = period_of(period_type, end)
    for _ in range(more):
        last = following(last)
    return last.end


def out_of_date(
    options: pl.DataFrame, valid: pl.DataFrame, periods: pl.DataFrame, *, whole: bool
) -> pl.DataFrame:
    """The combos and periods that do not meet: data_set, attribute_option_combo, period, date_hold.

    `valid`: as `validity` gives it. `periods`: period, start, end. `whole`: all days of a period
    must be valid (2.43 and later); else one is enough (docs/dhis2.md, Option dates).
    """
    first, last = ("start", "end") if whole else ("end", "start")
    return (
        options.join(valid, on="option", how="inner")
        .join(periods, how="cross")
        .filter((pl.col("valid_from") > pl.col(first)) | (pl.col("valid_to") < pl.col(last)))
        .select(
            "data_set",
            "attribute_option_combo",
            "period",
            date_hold=pl.lit(reasons.OPTION_OUT_OF_DATE),
        )
        .unique()
    )


def not_here(options: pl.DataFrame, places: pl.DataFrame, org_units: pl.DataFrame) -> pl.DataFrame:
    """The combos and org units that do not meet: attribute_option_combo, org_unit, place_hold.

    `places`: id, org_units of options (none: everywhere); an option is meant for all that lies
    below its org units. `org_units`: id, path.
    """
    bound = options.join(
        places.select(option="id", roots="org_units").filter(pl.col("roots").list.len() > 0),
        on="option",
        how="inner",
        validate="m:1",
    )
    return (
        bound.join(org_units.select(org_unit="id", path="path"), how="cross")
        .filter(~is_at_or_below(pl.col("roots")))
        .select("attribute_option_combo", "org_unit", place_hold=pl.lit(reasons.OPTION_NOT_HERE))
        .unique()
    )
