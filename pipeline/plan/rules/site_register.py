"""What the site register says about each cell: who reports there, and whose number holds."""

import polars as pl

from pipeline.cells.joining import with_columns_of
from pipeline.cells.key import KEY
from pipeline.plan.rules import reasons


def with_sites(cells: pl.DataFrame, sites: pl.DataFrame, periods: pl.DataFrame) -> pl.DataFrame:
    """The cells with site_hold (why the register shuts one), and favour and site_line.

    favour and site_line are there where both report. `cells` have the key and data_set. `sites`:
    line, org_unit, data_element, data_set ("": all), reports, favour, first_day, last_day.
    `periods`: period, start. A row about the data element goes before one about its data set, and
    that before one about all. A site that is listed is written only where the register says so;
    one that is not listed is as if there were none.
    """
    return with_columns_of(cells, _agreed(_rows_about(cells, sites, periods)), KEY)


def _rows_about(cells: pl.DataFrame, sites: pl.DataFrame, periods: pl.DataFrame) -> pl.DataFrame:
    """Each cell with each row of the register that is about its site and its form."""
    rows = sites.rename({"data_element": "_element", "data_set": "_set"})
    is_about = ((pl.col("_element") == "") | (pl.col("_element") == pl.col("data_element"))) & (
        (pl.col("_set") == "") | (pl.col("_set") == pl.col("data_set")).fill_null(value=False)
    )
    return (
        cells.select(*KEY, "data_set")
        .join(rows, on="org_unit", how="inner")
        .filter(is_about)
        .join(periods.select("period", "start"), on="period", how="left", validate="m:1")
        .with_columns(
            covers=pl.col("start").is_between("first_day", "last_day"),
            rank=pl.when(pl.col("_element") != "")
            .then(2)
            .when(pl.col("_set") != "")
            .then(1)
            .otherwise(0),
        )
    )


def _agreed(about: pl.DataFrame) -> pl.DataFrame:
    """One row per listed cell: the key, site_hold, favour, site_line."""
    listed = about.select(KEY).unique()
    covering = about.filter("covers")
    nearest = covering.filter(pl.col("rank") == pl.col("rank").max().over(KEY))
    agreed = (
        nearest.group_by(KEY)
        .agg(
            pl.struct("reports", "favour").n_unique().alias("rulings"),
            pl.col("reports").first(),
            pl.col("favour").first(),
            site_line=pl.col("line").min(),
        )
        .with_columns(
            site_hold=pl.when(pl.col("rulings") > 1)
            .then(pl.lit(reasons.SITE_CONTRADICTION))
            .when(pl.col("reports") == "manual")
            .then(pl.lit(reasons.MANUAL_SITE)),
            favour=pl.when((pl.col("rulings") == 1) & (pl.col("reports") == "both")).then("favour"),
        )
        .select(*KEY, "site_hold", "favour", "site_line")
    )
    gaps = listed.join(agreed, on=KEY, how="anti").with_columns(
        site_hold=pl.lit(reasons.SITE_GAP), favour=pl.lit(None, pl.String), site_line=None
    )
    return pl.concat([agreed, gaps.cast({"site_line": agreed.schema["site_line"]})])
