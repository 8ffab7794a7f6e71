"""Keep late corrections from the run that saw them first until they are resolved."""

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.dictionaries import extend
from pipeline.cells.packing import pack, unpack
from pipeline.files.whole import write_bytes
from pipeline.plan.context import PlanContext
from pipeline.plan.rules.late_corrections import late_cells, waiting_cells
from pipeline.report.late_corrections import late_corrections_as_csv
from pipeline.text.wording import count, number
from schemas.plan import NewValues, Plan

LATE_FILE = "late_corrections.csv"


def keep_late_corrections(
    context: PlanContext, plan: DataFrame[Plan], new: DataFrame[NewValues]
) -> list[str]:
    """Leave them in the store, and late_corrections.csv in the run's folder; give notes on them.

    `new`: the cells that are written beside those of the plan. The list holds all that are open,
    whenever they were seen first; without any there is no list.
    """
    work, target = context.work, context.state.known_as
    late = late_cells(plan)
    dictionaries = extend(context.dictionaries, late)
    frames = {
        "late_cells": pack(late, dictionaries),
        "waiting_cells": pl.concat(
            [pack(waiting_cells(plan), dictionaries).drop_nulls(), new.select("cell")]
        ),
        "asked_periods": dictionaries.periods.filter(
            pl.col("period").is_in(context.extract.periods)
        ).select("id"),
        "asked_org_units": _asked(context, dictionaries.org_units),
    }
    work.store.record_late_corrections(work.run.run_id, target, frames, context.now)
    found = unpack(work.store.late_corrections(target), dictionaries)
    path = work.run.path / LATE_FILE
    if found.is_empty():
        path.unlink(missing_ok=True)
        return []
    write_bytes(path, late_corrections_as_csv(found, context.state.forms.display_names).encode())
    fresh = found.filter(pl.col("first_run") == work.run.run_id).height
    note = (
        f"{count(found.height, 'late correction')}: changed in tracker after the period closed, "
        f"{number(fresh)} of them since the last run; {LATE_FILE} lists them, with the run that "
        "saw each first"
    )
    return [note]


def _asked(context: PlanContext, org_units: pl.DataFrame) -> pl.DataFrame:
    """The org units that this run is about: all that are known, unless it is a narrow one."""
    if not context.extract.only_org_units:
        return org_units.select("id")
    return org_units.filter(pl.col("org_unit").is_in(context.target_org_units)).select("id")
