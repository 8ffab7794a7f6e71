"""Give compared cells the names that people know their parts by."""

from datetime import date
from typing import NamedTuple

import polars as pl

from pipeline.errors import UsageError
from pipeline.periods import parse_period


class Names(NamedTuple):
    """What ids are called.

    `data_elements` and `category_option_combos` have id and name; `org_units` has id, name and
    path (the ids from the root down to it, as /a/b/c).
    """

    data_elements: pl.DataFrame
    category_option_combos: pl.DataFrame
    org_units: pl.DataFrame


def with_names(cells: pl.DataFrame, names: Names, district_level: int) -> pl.DataFrame:
    """Add names, `district` and `period_start`; what has no name goes by its id.

    A district is the ancestor at that level. A site above it is its own district, and two
    districts of one name are told apart by their ids.
    """
    combos = names.category_option_combos
    named = cells.pipe(_named, "data_element", names.data_elements)
    named = named.pipe(_named, "category_option_combo", combos)
    named = named.pipe(_named, "attribute_option_combo", combos)
    return (
        named.pipe(_named, "org_unit", names.org_units)
        .join(
            _districts(names.org_units, district_level),
            on="org_unit",
            how="left",
            validate="m:1",
            maintain_order="left",
        )
        .with_columns(pl.col("district").fill_null(pl.col("org_unit_name")))
        .join(
            _starts(cells["period"].unique()),
            on="period",
            how="left",
            validate="m:1",
            maintain_order="left",
        )
    )


def _named(cells: pl.DataFrame, column: str, known: pl.DataFrame) -> pl.DataFrame:
    name = f"{column}_name"
    return cells.join(
        known.select(pl.col("id").alias(column), pl.col("name").alias(name)),
        on=column,
        how="left",
        validate="m:1",
        maintain_order="left",
    ).with_columns(pl.col(name).fill_null(pl.col(column)))


def _districts(org_units: pl.DataFrame, level: int) -> pl.DataFrame:
    ancestors = pl.col("path").str.strip_chars("/").str.split("/")
    ancestor = ancestors.list.get(level - 1, null_on_oob=True).fill_null(pl.col("id"))
    placed = org_units.select(org_unit="id", _district=ancestor)
    called = (
        placed.select("_district")
        .unique()
        .join(
            org_units.select(_district="id", name="name"),
            on="_district",
            how="left",
            validate="1:1",
        )
        .with_columns(pl.col("name").fill_null(pl.col("_district")))
    )
    shared = pl.col("name").is_duplicated()
    told_apart = pl.format("{} ({})", "name", "_district")
    return placed.join(
        called.select("_district", district=pl.when(shared).then(told_apart).otherwise("name")),
        on="_district",
        how="left",
        validate="m:1",
    ).drop("_district")


def _starts(periods: pl.Series) -> pl.DataFrame:
    """Give the first day of each period; null for a period of another calendar."""
    return pl.DataFrame(
        [(period, _start(period)) for period in periods],
        schema={"period": pl.String, "period_start": pl.Date},
        orient="row",
    )


def _start(period: str) -> date | None:
    try:
        return parse_period(period).start
    except UsageError:
        return None
