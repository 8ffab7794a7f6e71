"""What every part of a load needs: whose it is, where it goes, within which limits."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.dictionaries import Dictionaries
from pipeline.dhis2.data_values.reading import SITES_A_REQUEST, read_current_cells
from pipeline.dhis2.http.client import Client
from pipeline.load.rules.bisection import RefusalBudget
from pipeline.load.rules.payloads import Chunk
from pipeline.load.throttle import Throttle
from pipeline.run.work import Work
from schemas.server import Account, SystemInfo
from schemas.values import PackedCurrentValues


class CurrentCells(NamedTuple):
    """What stood in a data set at a moment, for some periods, after the last write to them.

    `org_units`: those that were read; None for all of them.
    """

    data_set: str
    periods: frozenset[str]
    org_units: frozenset[str] | None
    cells: DataFrame[PackedCurrentValues]

    def covers(self, chunk: Chunk) -> bool:
        """Whether a chunk's cells are among these."""
        read = self.org_units is None or self.org_units >= {*chunk.org_units}
        return read and self.data_set == chunk.data_set and self.periods >= {*chunk.periods}


@dataclass(frozen=True)
class LoadContext:
    """Where a load is done: whose, into which system, within which limits.

    `assigned` (data_set, org_unit) has the org units that reported the data sets when the load
    began; `dictionaries` number every cell of the plan.
    """

    work: Work
    client: Client
    info: SystemInfo
    account: Account
    throttle: Throttle
    clock: Callable[[], datetime]
    dictionaries: Dictionaries
    assigned: pl.DataFrame
    refusal_budget: RefusalBudget = field(default_factory=RefusalBudget)

    def wait_for_turn(self) -> None:
        """Wait until the server wants to be written to again."""
        with self.work.stopwatch.measuring("patience"):
            self.throttle.wait_for_turn()

    def read_current(self, chunk: Chunk) -> CurrentCells:
        """Read what stands in the chunk's data set and periods now.

        Where it is about few org units, or about a part of large periods, nothing else is read.
        """
        periods, org_units = chunk.periods, chunk.org_units
        by_site = len(org_units) <= SITES_A_REQUEST or not chunk.has_whole_periods
        cells = read_current_cells(
            self.client,
            chunk.data_set,
            periods,
            org_units if by_site else self.account.reading_roots,
            self.dictionaries,
            below=not by_site,
            wanted=chunk.rows["cell"],
        )
        sites = frozenset(org_units) if by_site else None
        return CurrentCells(chunk.data_set, frozenset(periods), sites, cells)
