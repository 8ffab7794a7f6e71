"""What a report may ask about a run; each part is read when it is first asked for, and once."""

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from pipeline.cells.key import FORM_CELL
from pipeline.run.metadata import TargetFrames
from pipeline.run.records import Extract, TransformRecord, read_record
from pipeline.run.work import Work
from pipeline.tables import read_mapping
from pipeline.text.errors import RefusedError
from pipeline.transform.rules.defaults import with_default_combos
from pipeline.transform.rules.org_units import target_org_units
from schemas.mapping import MappingTables


@dataclass(frozen=True)
class CompareContext:
    """A run, and what stands in its folder and in the mapping.

    A report that is written again needs the folder alone, and a run that undoes another has no
    extract: so nothing is read before it is needed. Each property raises the letter of what is
    not there.
    """

    work: Work

    @cached_property
    def transformed(self) -> TransformRecord:
        """The record that transform left."""
        return read_record(self.work.run, TransformRecord)

    @cached_property
    def extract(self) -> Extract:
        """What the run asked."""
        return read_record(self.work.run, Extract)

    @cached_property
    def target(self) -> TargetFrames:
        """The target's metadata, as the run read it."""
        return TargetFrames.read(self.work.run)

    @property
    def undoes(self) -> bool:
        """Whether the run undoes another: nothing of it is what tracker said."""
        return self.transformed.is_undo

    @property
    def basis(self) -> str:
        """What a manual side is read for: the run's extract and its mapping."""
        return f"{self.extract.started_at.isoformat()} {self.transformed.mapping_hash}"

    @cached_property
    def tables(self) -> MappingTables:
        """The mapping tables of the run; raises `RefusedError` when they were changed since."""
        folder = self.work.deployment.mappings(self.work.name)
        tables = read_mapping(folder)
        if tables.fingerprint != self.transformed.mapping_hash:
            raise RefusedError(
                "the mapping was changed since this run was transformed",
                where=str(folder),
                remedy="begin a new run with `tally run NAME`",
            )
        return tables

    @cached_property
    def mapping(self) -> pl.DataFrame:
        """The data elements that tracker fills, one row per source, with default option combos."""
        return with_default_combos(self.tables.data_elements, self.target)

    @property
    def filled(self) -> pl.DataFrame:
        """The form cells that tracker fills, one row each (FORM_CELL)."""
        return self.mapping.select(FORM_CELL).unique().sort(FORM_CELL)

    @cached_property
    def org_units(self) -> list[str]:
        """The ids of the target's org units that the run asked tracker for."""
        unlisted = self.work.settings.mapping.unlisted_org_units
        return target_org_units(self.extract.org_units, self.tables.org_units, unlisted)
