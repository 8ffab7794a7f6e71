"""Keep late corrections from the run that saw them first until they are resolved."""

from datetime import datetime

import polars as pl

from pipeline.reports.late import as_list
from pipeline.runs import write_bytes
from pipeline.stages.deciding import Desk
from pipeline.stages.scope import asked_in_target
from pipeline.stages.target_state import names_of
from pipeline.tables import read_mapping
from pipeline.transform.cells import extend, packed, unpacked
from pipeline.transform.late import late_cells, waiting_cells
from pipeline.wording import count, number

LATE_FILE = "late_corrections.csv"


def keep_late_corrections(desk: Desk, plan: pl.DataFrame, now: datetime) -> list[str]:
    """Leave them in the store, and late_corrections.csv in the run's folder; give what to know.

    The list holds all that are open, whenever they were seen first; without any there is no list.
    """
    work, target = desk.work, desk.state.known_as
    late = late_cells(plan)
    dictionaries = extend(work.store.dictionaries(), late)
    frames = {
        "late_cells": packed(late, dictionaries),
        "waiting_cells": packed(waiting_cells(plan), dictionaries).drop_nulls(),
        "asked_periods": dictionaries.periods.filter(
            pl.col("period").is_in(desk.extract.periods)
        ).select("id"),
        "asked_org_units": _asked(desk, dictionaries.org_units),
    }
    work.store.record_late_corrections(work.run.run_id, target, frames, now)
    found = unpacked(work.store.late_corrections(target), dictionaries)
    path = work.run.path / LATE_FILE
    if found.is_empty():
        path.unlink(missing_ok=True)
        return []
    write_bytes(path, as_list(found, names_of(desk.state.forms)).encode())
    fresh = found.filter(pl.col("first_run") == work.run.run_id).height
    told = (
        f"{count(found.height, 'late correction')}: changed in tracker after the period closed, "
        f"{number(fresh)} of them since the last run; {LATE_FILE} lists them, with the run that "
        "saw each first"
    )
    return [told]


def _asked(desk: Desk, org_units: pl.DataFrame) -> pl.DataFrame:
    """Give the org units that this run is about: all that are known, unless it is a narrow one."""
    if not desk.extract.only_org_units:
        return org_units.select("id")
    tables = read_mapping(desk.work.deployment.mappings(desk.work.name))
    asked = asked_in_target(desk.extract.org_units, tables, desk.work.settings.mapping)
    return org_units.filter(pl.col("org_unit").is_in(asked)).select("id")
