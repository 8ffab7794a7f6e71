"""The names that people know the parts of a compared cell by."""

from datetime import date
from typing import NamedTuple

import polars as pl

from pipeline.cells.hierarchy import ancestor_at
from pipeline.cells.periods import parse_period
from pipeline.text.errors import UsageError
from pipeline.text.escaping import told_apart


class CellNames(NamedTuple):
    """What ids are called.

    `data_elements` and `category_option_combos` have id and name; `org_units` has id, name and
    path (the ids from the root down to it, as /a/b/c).
    """

    data_elements: pl.DataFrame
    category_option_combos: pl.DataFrame
    org_units: pl.DataFrame


def with_names(cells: pl.DataFrame, names: CellNames, district_level: int) -> pl.DataFrame:
    """Add names, `district` and `period_start`; what has no name goes by its id.

    A district is the ancestor at that level. A site above it is its own district. Data elements,
    sites and districts of one name are told apart by their ids; combos are not, for they are read
    beside their element, and those of other category combos often have the same names.
    """
    combos = _names(names.category_option_combos)
    elements = _names(_occurring(names.data_elements, cells["data_element"]))
    sites = _names(_occurring(names.org_units, cells["org_unit"]))
    return (
        cells.with_columns(
            data_element_name=pl.col("data_element").replace(told_apart(elements)),
            category_option_combo_name=pl.col("category_option_combo").replace(combos),
            attribute_option_combo_name=pl.col("attribute_option_combo").replace(combos),
            org_unit_name=pl.col("org_unit").replace(told_apart(sites)),
        )
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


def _occurring(known: pl.DataFrame, ids: pl.Series) -> pl.DataFrame:
    return known.join(ids.unique().to_frame("id"), on="id", how="semi")


def _names(known: pl.DataFrame) -> dict[str, str]:
    return dict(known.select("id", "name").drop_nulls().rows())


def _districts(org_units: pl.DataFrame, level: int) -> pl.DataFrame:
    ancestor = ancestor_at(level).fill_null(pl.col("id"))
    placed = org_units.select(org_unit="id", district=ancestor)
    called = told_apart(_names(_occurring(org_units, placed["district"])))
    return placed.with_columns(pl.col("district").replace(called))


def _starts(periods: pl.Series) -> pl.DataFrame:
    """The first day of each period; null for a period of another calendar."""
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
