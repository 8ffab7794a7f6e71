"""Which counts became no value: program indicator, data element, value type and an example."""

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.numbers import fits_type, number_of
from pipeline.transform.rules import reasons
from schemas.values import Rejects

_SOURCE = ["program_indicator", "category_options"]


def culprits(rejects: DataFrame[Rejects], targets: pl.DataFrame) -> pl.DataFrame:
    """Who is behind the rejects, those with the most rows first.

    `targets`: program_indicator, category_options, data_element, value_type (null: the target
    lacks the element). Gives rule_id, reason, program_indicator, data_element and value_type
    (null: not in the mapping), rows, and the period, org_unit and value of one of them.
    """
    joined = rejects.with_row_index("row").join(
        targets.select(*_SOURCE, "data_element", "value_type"),
        on=_SOURCE,
        how="left",
        validate="m:m",
        maintain_order="left",
    )
    of_wrong_type = pl.col("rule_id") == reasons.VALUE_OF_WRONG_TYPE.rule_id
    fits = fits_type(number_of(pl.col("value")), pl.col("value_type")).fill_null(value=False)
    # Of two elements that one count fills, only one may be the wrong one; a sum may be too large.
    guilty = ~of_wrong_type | ~fits | fits.all().over("row")
    return (
        joined.filter(guilty)
        .sort("period", "org_unit", "value", "row", maintain_order=True)
        .group_by("rule_id", "reason", "program_indicator", "data_element", "value_type")
        .agg(
            pl.len().alias("rows"),
            pl.col("period").first(),
            pl.col("org_unit").first(),
            pl.col("value").first(),
        )
        .sort(
            "rows", "rule_id", "program_indicator", "data_element", descending=[True, *[False] * 3]
        )
    )
