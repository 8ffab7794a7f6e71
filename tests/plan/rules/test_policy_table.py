"""The table of the design holds line by line, and a policy bends it only where it says so."""

import polars as pl
import pytest
from pandera.typing.polars import DataFrame

from pipeline.plan.rules.deciding import decide
from schemas.plan import PlanCells
from tests.support.policy_table import WAYS, Line, lines
from tests.support.whole_frames import whole


def cells(written: list[Line]) -> DataFrame[PlanCells]:
    mark = pl.col("mark")
    known = pl.DataFrame(written, schema=list(Line._fields), orient="row").select(
        tracker_value=pl.col("tracker").cast(pl.Float64),
        current_value="target",
        ledger_value=pl.col("ours").cast(pl.Float64),
        unknown=mark == "!",
        in_image=mark != "/",
        zero_is_significant=mark == "s",
        stored_by=pl.lit("clerk"),
        comment=pl.lit(None, pl.String),
        hold_reason=pl.when(mark == "#").then(pl.lit("expired")),
    )
    return whole(known, PlanCells)


def told(plan: pl.DataFrame) -> list[str]:
    """Write actions as the table does."""
    words = pl.concat_str(
        "action",
        pl.when("closes_ledger").then(pl.lit("!")).otherwise(pl.lit("")),
        pl.when("delete")
        .then(pl.lit(" gone"))
        .when(pl.col("send").is_not_null())
        .then(pl.lit(" ") + pl.col("send"))
        .otherwise(pl.lit("")),
    )
    return plan.select(words).to_series().to_list()


@pytest.mark.parametrize("way", WAYS)
def test_each_line_of_the_table_comes_out_as_written(way: str) -> None:
    written = lines(way)

    plan = decide(cells(written), WAYS[way].policy)

    page = [(*line[:4], action) for line, action in zip(written, told(plan), strict=True)]
    assert page == [line[:5] for line in written]


def test_each_line_has_the_reason_that_stands_in_the_table() -> None:
    written = lines("merge")

    plan = decide(cells(written), WAYS["merge"].policy)

    assert plan["reason_id"].to_list() == [line.reason for line in written]
