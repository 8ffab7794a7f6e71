"""A lower number is believed only where the total of its indicator fell with it.

Where more events than before are in no category option, a cell falls although nothing was taken
back in tracker: somebody edited an option filter, or a new answer fits none.
"""

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.joining import with_columns_of
from pipeline.cells.key import FORM_CELL, KEY
from pipeline.cells.numbers import DECIMALS
from pipeline.plan.rules.reasons import TOTAL_STAYED
from schemas.plan import Plan
from schemas.remainders import PLACE, BelievedRemainders, Remainders


def judge_remainders(
    remainders: DataFrame[Remainders], believed: DataFrame[BelievedRemainders]
) -> pl.DataFrame:
    """Each place with a remainder now or before: PLACE, remainder, believed, grew.

    `believed`: what the last load at each place left uncategorised; a place without a row left
    nothing. A total that is missing may hide anything: its remainder is null, and has grown.
    """
    now = remainders.select(
        *PLACE,
        remainder=(pl.col("total") - pl.col("categorised")).round(DECIMALS),
        missing=pl.col("total").is_null(),
    )
    both = now.join(
        believed.rename({"remainder": "believed"}), on=PLACE, how="full", coalesce=True
    ).with_columns(pl.col("believed").fill_null(0), pl.col("missing").fill_null(value=False))
    known = pl.when(~pl.col("missing")).then(pl.col("remainder").fill_null(0))
    return (
        both.with_columns(remainder=known)
        .with_columns(grew=pl.col("missing") | (pl.col("remainder") > pl.col("believed")))
        .select(*PLACE, "remainder", "believed", "grew")
        .sort(PLACE)
    )


def cells_of(places: pl.DataFrame, mapping: pl.DataFrame, org_units: pl.DataFrame) -> pl.DataFrame:
    """The cells that disaggregated counts fill at some places: the key, and PLACE.

    `mapping`: FORM_CELL, program_indicator, category_options; a cell of the total is none of
    them. `org_units`: org_unit, target_org_unit.
    """
    split_up = mapping.filter(pl.col("category_options") != "")
    return (
        places.select(*PLACE)
        .join(split_up.select("program_indicator", *FORM_CELL), on="program_indicator", how="inner")
        .join(org_units.drop_nulls("target_org_unit"), on="org_unit", how="inner")
        .select(
            "program_indicator",
            "period",
            source_org_unit="org_unit",
            **{name: pl.col(name) for name in FORM_CELL},
            org_unit="target_org_unit",
        )
    )


def with_totals(cells: pl.DataFrame, grown: pl.DataFrame) -> pl.DataFrame:
    """The cells with total_stayed: whether a remainder grew at a place that fills the cell.

    `grown`: cells as `cells_of` gives them.
    """
    here = grown.select(KEY).unique().with_columns(total_stayed=pl.lit(value=True))
    return with_columns_of(cells, here, KEY).with_columns(
        pl.col("total_stayed").fill_null(value=False)
    )


def believed_after(
    places: pl.DataFrame, cells: pl.DataFrame, plan: DataFrame[Plan]
) -> pl.DataFrame:
    """What is believed of each place once the plan is loaded: PLACE, remainder.

    `places`: as `judge_remainders` gives them; `cells`: as `cells_of`. Where a cell waits because
    the total stayed, or its fall waits for anything else, what was believed before stays.
    """
    fell = pl.col("tracker_value").fill_null(0) < pl.col("ledger_value")
    waiting = plan.filter((pl.col("action") == "hold") & fell)
    held = (
        cells.join(waiting.select(KEY), on=KEY, how="semi")
        .select("program_indicator", "period", org_unit="source_org_unit")
        .unique()
        .with_columns(held=pl.lit(value=True))
    )
    kept = pl.col("held").fill_null(value=False) & pl.col("grew") | pl.col("remainder").is_null()
    return with_columns_of(places, held, PLACE).select(
        *PLACE, remainder=pl.when(kept).then(pl.col("believed")).otherwise(pl.col("remainder"))
    )


def held_for_their_total(plan: DataFrame[Plan]) -> int:
    """How many cells of a plan wait because their total did not fall with them."""
    return plan.filter(pl.col("reason_id") == TOTAL_STAYED).height
