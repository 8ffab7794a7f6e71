"""A plan as a person would write it down: with a row for each cell, also for what is kept."""

from pathlib import Path

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.key import KEY
from pipeline.cells.numbers import canonical_text
from pipeline.cells.packing import unpack
from pipeline.plan.deciding import in_plan_order
from pipeline.plan.rules import reasons
from pipeline.run.folder import RunFolder
from pipeline.run.seal import NEW_VALUES
from pipeline.run.values import read_run_values
from pipeline.store.transfer import Store
from schemas.frames import trusted
from schemas.plan import Plan
from tests.support.whole_frames import whole


def whole_plan(run: Path) -> DataFrame[Plan]:
    """Give the plan in a run's folder with the cells that are new or kept, in the plan's order."""
    dictionaries = Store(run.parents[2] / "store" / f"{run.parent.name}.duckdb").dictionaries()
    rows = pl.read_parquet(run / "plan.parquet")
    new = unpack(pl.read_parquet(run / NEW_VALUES), dictionaries).select(
        *KEY,
        pl.col("data_set").cast(pl.String),
        tracker_value="value",
        send=canonical_text(pl.col("value")),
        action=pl.lit("create"),
        reason_id=pl.lit(reasons.NEW),
    )
    told = pl.concat([rows.select(KEY), new.select(KEY)])
    number = pl.col("value")
    forms = pl.read_parquet(run / "metadata" / "data_set_elements.parquet").unique("data_element")
    values = read_run_values(RunFolder(run)).join(told, on=KEY, how="anti")
    kept = values.join(forms, on="data_element", how="left", validate="m:1").select(
        *KEY,
        "data_set",
        tracker_value=number,
        current_value=pl.when(number != 0).then(canonical_text(number)),
        action=pl.lit("keep"),
        reason_id=pl.lit(reasons.SAME),
    )
    plain = [
        whole(
            cells.with_columns(
                wanted_action="action", reason=pl.col("reason_id").replace(reasons.SENTENCES)
            ),
            Plan,
        )
        for cells in (new, kept)
        if cells.height
    ]
    return in_plan_order(trusted(pl.concat([rows, *plain]), Plan))
