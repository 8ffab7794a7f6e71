"""What people ruled beforehand: decisions about single cells, and the site register."""

import polars as pl

from pipeline.cells.joining import with_columns_of
from pipeline.cells.key import KEY
from pipeline.plan.rules.site_register import with_sites


def with_rulings(
    cells: pl.DataFrame, decisions: pl.DataFrame, sites: pl.DataFrame, periods: pl.DataFrame
) -> pl.DataFrame:
    """Add site_hold, decision, decided_in, decided_by and decided_why; nulls where nobody ruled.

    `decisions`: the key, decision, decided_by, why; each cell once. It goes before what the site
    register favours. `sites` and `periods`: as `with_sites` wants them.
    """
    told = decisions.select(
        *KEY, "decision", "decided_by", decided_in=pl.lit("decisions"), decided_why="why"
    )
    ruled = with_columns_of(with_sites(cells, sites, periods), told, KEY)
    register = {
        "decision": pl.col("favour"),
        "decided_in": pl.lit("sites"),
        "decided_by": pl.lit("the site register"),
        "decided_why": pl.format("line {}", "site_line"),
    }
    favoured = pl.col("decision").is_null() & pl.col("favour").is_not_null()
    return ruled.with_columns(
        pl.when(favoured).then(what).otherwise(pl.col(name)).alias(name)
        for name, what in register.items()
    ).drop("favour", "site_line")


def unneeded(decisions: pl.DataFrame, plan: pl.DataFrame) -> int:
    """Count the decisions that no cell of a plan had need of."""
    used = plan.filter(pl.col("decided_in") == "decisions")
    return decisions.join(used, on=KEY, how="anti").height
