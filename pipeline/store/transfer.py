"""What a transfer remembers from run to run: tracker's numbers, the ledger, and how both came."""

from pipeline.store.comparisons import ComparisonTables
from pipeline.store.late_corrections import LateCorrectionTables
from pipeline.store.ledger import LedgerTables
from pipeline.store.records import FailedCheck
from pipeline.store.remainders import RemainderTables
from pipeline.store.runs import RunTables
from pipeline.store.snapshot import SnapshotTables
from pipeline.store.steps import failed_checks


class Store(
    SnapshotTables,
    ComparisonTables,
    LedgerTables,
    LateCorrectionTables,
    RemainderTables,
    RunTables,
):
    """The private file of one transfer: each module of this folder has some of its tables."""

    def check(self) -> list[FailedCheck]:
        """The checks of the house that found bad rows; none means that the store is sound."""
        with self._reading() as store:
            return failed_checks(store)
