"""What people ruled beforehand, read afresh for every plan and held to by its seal."""

from dataclasses import dataclass
from datetime import date

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.key import KEY
from pipeline.plan.rules.decisions import unneeded
from pipeline.run.work import Work
from pipeline.tables import DecisionTable, read_decisions, read_sites
from pipeline.tables.rulings import fingerprint_of
from pipeline.text.errors import UsageError
from pipeline.text.wording import count
from pipeline.transform.rules.defaults import with_default_combos
from schemas.metadata import TargetMetadata
from schemas.plan import Plan

MOST_NAMED = 5


@dataclass(frozen=True)
class Rulings:
    """The decisions about single cells, the site register, and a hash of what was ruled."""

    decisions: DecisionTable
    sites: pl.DataFrame
    fingerprint: str

    def notes(self, plan: DataFrame[Plan]) -> list[str]:
        """Which decisions did nothing in a plan, and why."""
        notes, expired = [], self.decisions.expired
        if not expired.is_empty():
            lines = ", ".join(map(str, expired["line"].head(MOST_NAMED)))
            more = ", …" if expired.height > MOST_NAMED else ""
            notes.append(
                f"expired and not followed: {count(expired.height, 'decision')} "
                f"(decisions, line {lines}{more}); give them a later day, or take them out"
            )
        idle = unneeded(self.decisions.standing, plan)
        if idle:
            notes.append(f"not needed: {count(idle, 'decision')}; their cells are no conflict now")
        if self.decisions.waiting:
            notes.append(f"not filled in yet: {count(self.decisions.waiting, 'row')} of decisions")
        return notes


def read_rulings(work: Work, forms: TargetMetadata, today: date) -> Rulings:
    """Read what people ruled; raises `UsageError` with file and line for what is wrong.

    An empty option combo becomes the default one.
    """
    folder = work.deployment.transfer_folder(work.name)
    table = read_decisions(folder, today)
    standing = with_default_combos(table.standing, forms)
    doubled = standing.filter(standing.select(KEY).is_duplicated())
    if not doubled.is_empty():
        lines = ", ".join(map(str, doubled["line"]))
        raise UsageError(
            "a cell is decided in two rows: an empty option combo is the default one",
            where=f"{folder}/decisions, lines {lines}",
            remedy="keep one of them",
        )
    sites = read_sites(work.deployment.mappings(work.name))
    return Rulings(
        DecisionTable(standing, table.expired, table.waiting), sites, fingerprint_of(table, sites)
    )
