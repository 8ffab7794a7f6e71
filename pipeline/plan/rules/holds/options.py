"""Which attribute option combos are not valid for a period or an org unit, by their options."""

from collections.abc import Sequence

import polars as pl

from pipeline.cells.hierarchy import is_at_or_below
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


def out_of_date(options: pl.DataFrame, dates: pl.DataFrame, periods: pl.DataFrame) -> pl.DataFrame:
    """The combos and periods that do not meet: attribute_option_combo, period, date_hold.

    `dates`: id, start_date, end_date of options; an option is valid in a period that it touches.
    `periods`: period, start, end.
    """
    return (
        options.join(
            dates.select(option="id", start_date="start_date", end_date="end_date"),
            on="option",
            how="inner",
            validate="m:1",
        )
        .join(periods, how="cross")
        .filter((pl.col("start_date") > pl.col("end")) | (pl.col("end_date") < pl.col("start")))
        .select("attribute_option_combo", "period", date_hold=pl.lit(reasons.OPTION_OUT_OF_DATE))
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
