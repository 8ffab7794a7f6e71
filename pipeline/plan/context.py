"""What a plan is made of, read once: records, target, mapping, the numbers of cells."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.dictionaries import Dictionaries
from pipeline.cells.period_days import period_days
from pipeline.dhis2.http.client import Client
from pipeline.ledger.settling import settle
from pipeline.plan.rules.holds.form_cells import insist_on_one_data_set
from pipeline.plan.target import TargetState, read_target_state
from pipeline.probes.failpoints import reach
from pipeline.run.records import Extract
from pipeline.run.work import Work
from pipeline.tables import read_mapping
from pipeline.transform.rules.defaults import with_default_combos
from pipeline.transform.rules.org_units import with_target_org_unit
from schemas.frames import empty
from schemas.mapping import MappingTables
from schemas.metadata import OrgUnitTree
from schemas.values import PackedValues


@dataclass(frozen=True)
class PlanContext:
    """What a plan is made of; nothing of it is read again.

    `state`: the target's rules and the account. `tables`: the mapping as it stands now.
    `dictionaries`: the numbers of cells, as the store knows them once the ledger was settled.
    """

    work: Work
    target: Client
    state: TargetState
    extract: Extract
    tables: MappingTables
    dictionaries: Dictionaries
    now: datetime

    @cached_property
    def mapping(self) -> pl.DataFrame:
        """The mapping of data elements, with the default combo where a combo is left empty."""
        return with_default_combos(self.tables.data_elements, self.state.forms)

    @cached_property
    def org_units(self) -> pl.DataFrame:
        """The org units that were asked: org_unit, target_org_unit (null: it goes nowhere)."""
        asked = pl.DataFrame({"org_unit": self.extract.org_units}, schema={"org_unit": pl.String})
        unlisted = self.work.settings.mapping.unlisted_org_units
        return with_target_org_unit(asked, self.tables.org_units, unlisted)

    @cached_property
    def source_org_units(self) -> pl.DataFrame:
        """All org units of the source, as the run read them: schemas.metadata.OrgUnitTree.

        Empty where a run is an undoing, which asks no source.
        """
        path = self.work.run.metadata / "source_org_units.parquet"
        return pl.read_parquet(path) if path.exists() else empty(OrgUnitTree)

    @cached_property
    def ledger(self) -> DataFrame[PackedValues]:
        """The cells of the target that are ours."""
        return self.work.store.ledger(self.state.known_as)

    @property
    def target_org_units(self) -> list[str]:
        """The ids of the target's org units that stand for those asked."""
        return self.org_units["target_org_unit"].drop_nulls().to_list()

    @cached_property
    def days(self) -> pl.DataFrame:
        """The days of the periods that were asked: period, start, end."""
        return period_days(self.extract.periods)


def open_context(work: Work, target: Client, extract: Extract, now: datetime) -> PlanContext:
    """Read all that a plan is made of, after what an interrupted load left open was settled.

    Raises `RefusedError` when the target is another system, `UsageError` for a faulty mapping.
    """
    state = read_target_state(work, target, extract)
    tables = read_mapping(work.deployment.mappings(work.name))
    insist_on_one_data_set(tables.data_elements, state.forms)
    settle(work, target, state.info, now)
    reach("plan.settled")
    return PlanContext(
        work,
        target,
        state,
        extract,
        tables,
        work.store.dictionaries(),
        now,
    )
