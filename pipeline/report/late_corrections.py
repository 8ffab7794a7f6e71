"""Late corrections, listed for whoever may open a period again."""

from collections.abc import Mapping

import polars as pl

from pipeline.cells.key import KEY
from pipeline.cells.numbers import canonical_text
from pipeline.plan.rules.reasons import SENTENCES
from pipeline.report.answers import rows_as_csv

_NUMBERS = ("tracker_value",)


def late_corrections_as_csv(late: pl.DataFrame, names: Mapping[str, Mapping[str, str]]) -> str:
    """Late corrections as CSV, the oldest sight first.

    `late`: the key, tracker_value, current_value, wanted_action, reason_id, first_run,
    first_seen_at. `names`: per kind of object, the name of each id.
    """
    combos = names["category_option_combo"]
    rows = late.sort("first_run", "org_unit", "period", *KEY).select(
        *KEY,
        data_element_name=pl.col("data_element").replace(dict(names["data_element"])),
        category_option_combo_name=pl.col("category_option_combo").replace(dict(combos)),
        attribute_option_combo_name=pl.col("attribute_option_combo").replace(dict(combos)),
        org_unit_name=pl.col("org_unit").replace(dict(names["org_unit"])),
        tracker_value=canonical_text(pl.col("tracker_value")),
        current_value="current_value",
        wanted_action="wanted_action",
        reason=pl.col("reason_id").replace(SENTENCES),
        first_run="first_run",
        first_seen_at=pl.col("first_seen_at").dt.to_string("%Y-%m-%d %H:%M:%S"),
    )
    kinds = {name: "number" if name in _NUMBERS else "text" for name in rows.columns}
    return rows_as_csv(rows, kinds, header=True)  # type: ignore[arg-type]  # of its words
