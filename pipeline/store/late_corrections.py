"""What a closed period or site keeps from being sent: since which run, with which numbers."""

from collections.abc import Mapping
from datetime import datetime

import polars as pl

from pipeline.store.file import StoreFile
from pipeline.store.steps import do, insist


class LateCorrectionTables(StoreFile):
    """One row per late correction: a cell of a target, from when it was seen until resolved."""

    def record_late_corrections(
        self, run_id: str, target_system_id: str, late: Mapping[str, pl.DataFrame], at: datetime
    ) -> None:
        """Remember what is late: since which run, with which numbers; done again, it is the same.

        `late` has the frames that sql/steps/*_late_corrections.sql name.
        """
        with self._writing(late) as store:
            do(store, "reopen_late_corrections", run_id)
            do(store, "forget_late_corrections", run_id)
            do(store, "resolve_late_corrections", run_id, at, target_system_id)
            do(store, "refresh_late_corrections", run_id, target_system_id)
            binds = (target_system_id, run_id, at, run_id, target_system_id)
            do(store, "add_late_corrections", *binds)
            insist(store, run_id, {"late_corrections"})

    def late_corrections(self, target_system_id: str) -> pl.DataFrame:
        """The late corrections that are open, in the order of cells."""
        query = (
            "from packed.late_corrections where target_system_id = ? and resolved_by_run is null "
            "order by cell"
        )
        return self._asked(query, target_system_id)
