"""Tell a run after its load: what came, what was written, and what was not, with the reason."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from pipeline.reports.plan import markdown_table

MOST_CELLS = 20
_MEANING = {
    "loaded": "written, and read back",
    "unchanged": "already held the number when their turn came",
    "drifted": "changed by somebody after the plan; left as they are",
    "refused": "not in the target; the server's reason stands below",
}


def run_report(
    run_id: str,
    *,
    transformed: Mapping[str, Any],
    loaded: Mapping[str, Any],
    outcomes: pl.DataFrame,
    plan: pl.DataFrame,
    names: Mapping[str, Mapping[str, str]],
) -> str:
    """Write run.md. `outcomes`: the key, outcome, reason; `plan`: as plan.parquet."""
    lost = loaded["counts"]["drifted"] + loaded["counts"]["refused"]
    verdict = (
        "Everything that was planned is in the target."
        if not lost
        else f"**{lost} planned values are not in the target**, see below."
    )
    told = pl.DataFrame(
        [(name, count, _MEANING[name]) for name, count in loaded["counts"].items()],
        schema=["outcome", "cells", "meaning"],
        orient="row",
    )
    lines = [
        f"# Run {run_id}",
        "",
        verdict,
        "",
        (
            f"{transformed['rows']} rows came from tracker: {transformed['accepted']} accepted, "
            f"{transformed['rejects']} rejected; they make {transformed['values']} values. "
            f"{loaded['requests']} writing requests were sent."
        ),
        "",
        "## What became of the plan",
        "",
        *markdown_table(told),
        "",
    ]
    waiting = (
        plan.filter(pl.col("action").is_in(["hold", "conflict", "skip", "orphan"]))
        .group_by("action", "reason")
        .agg(cells=pl.len())
        .sort("action", "cells", descending=[False, True])
    )
    if not waiting.is_empty():
        lines += ["## What waits, and for what", "", *markdown_table(waiting), ""]
    unwritten = _named(outcomes.filter(pl.col("outcome").is_in(["drifted", "refused"])), names)
    if not unwritten.is_empty():
        lines += ["## Planned, but not in the target", ""]
        lines += [*markdown_table(unwritten.head(MOST_CELLS)), ""]
    return "\n".join(lines)


def not_loaded(run_id: str, transformed: Mapping[str, Any]) -> str:
    """Write run.md of a run that has not been loaded."""
    return (
        f"# Run {run_id}\n\nThis run was not loaded.\n\n"
        f"{transformed['rows']} rows came from tracker: {transformed['accepted']} accepted, "
        f"{transformed['rejects']} rejected; they make {transformed['values']} values.\n"
    )


def _named(cells: pl.DataFrame, names: Mapping[str, Mapping[str, str]]) -> pl.DataFrame:
    known = [column for column in names if column in cells.columns]
    return cells.with_columns(
        pl.col(column).replace(dict(names[column])).alias(column) for column in known
    ).drop("attribute_option_combo")
