"""What people ruled beforehand: decisions about single cells."""

import polars as pl

from pipeline.transform.cells import KEY


def with_decisions(cells: pl.DataFrame, decisions: pl.DataFrame) -> pl.DataFrame:
    """Add decision, decided_in, decided_by and decided_why; nulls where nobody decided.

    `decisions`: the key, decision, decided_by, why; each cell once.
    """
    told = decisions.select(
        *KEY,
        "decision",
        "decided_by",
        decided_in=pl.lit("decisions"),
        decided_why="why",
    )
    return cells.join(told, on=KEY, how="left", validate="m:1", maintain_order="left")


def unneeded(decisions: pl.DataFrame, plan: pl.DataFrame) -> int:
    """Count the decisions that no cell of a plan had need of."""
    used = plan.filter(pl.col("decided_in") == "decisions")
    return decisions.join(used, on=KEY, how="anti").height
