"""What people ruled beforehand: decisions about single cells, and the site register."""

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.joining import with_columns_of
from pipeline.cells.key import KEY
from pipeline.plan.rules.site_register import with_sites
from schemas.frames import columns, trusted
from schemas.plan import Plan, PlanCells

DECISION_COLUMNS = ("decision", "decided_in", "decided_by", "decided_why")


def with_rulings(
    cells: pl.DataFrame, decisions: pl.DataFrame, sites: pl.DataFrame, periods: pl.DataFrame
) -> DataFrame[PlanCells]:
    """The cells with site_hold, decision, decided_in, decided_by, decided_why; null: not ruled.

    `decisions`: the key, decision, decided_by, why; each cell once. It goes before what the site
    register favours. `sites` and `periods`: as `with_sites` wants them.
    """
    decided = decisions.select(
        *KEY, "decision", "decided_by", decided_in=pl.lit("decisions"), decided_why="why"
    )
    ruled = with_columns_of(with_sites(cells, sites, periods), decided, KEY)
    register = {
        "decision": pl.col("favour"),
        "decided_in": pl.lit("sites"),
        "decided_by": pl.lit("the site register"),
        "decided_why": pl.format("line {}", "site_line"),
    }
    favoured = pl.col("decision").is_null() & pl.col("favour").is_not_null()
    filled = ruled.with_columns(
        pl.when(favoured).then(what).otherwise(pl.col(name)).alias(name)
        for name, what in register.items()
    )
    return trusted(filled.select(columns(PlanCells)), PlanCells)


def with_closed_sites(
    cells: pl.DataFrame, sites: pl.DataFrame, periods: pl.DataFrame
) -> DataFrame[PlanCells]:
    """The cells with site_hold and no decision: what a site register shuts, and no more of it."""
    nobody = (pl.lit(None, pl.String).alias(name) for name in DECISION_COLUMNS)
    shut = with_sites(cells, sites, periods).with_columns(*nobody)
    return trusted(shut.select(columns(PlanCells)), PlanCells)


def unneeded(decisions: pl.DataFrame, plan: DataFrame[Plan]) -> int:
    """How many decisions no cell of a plan had need of."""
    used = plan.filter(pl.col("decided_in") == "decisions")
    return decisions.join(used, on=KEY, how="anti").height
