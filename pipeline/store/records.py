"""The records that the store keeps of a run, and what it answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol, Self

import polars as pl

SCHEMA_VERSION = 2


class Database(Protocol):
    """As much of a DuckDB connection as a step needs."""

    def execute(self, query: str, parameters: Sequence[object] | None = None) -> Self:
        """Run a statement with its binds."""

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All rows of the statement that ran last."""

    def begin(self) -> Self:
        """Begin what becomes true at once, or not."""

    def commit(self) -> Self:
        """Make true what was begun."""

    def register(self, view_name: str, python_object: object) -> Self:
        """Let a frame be read as a table."""

    def extract_statements(self, query: str) -> list[Any]:
        """Take a text apart into its statements."""

    def sql(self, query: str, *, params: object = None) -> Any:  # noqa: ANN401  # DuckDB's relation
        """A relation that can become a frame."""


@dataclass(frozen=True)
class RunRecord:
    """What went into a run: when, by which mapping, between which servers, how many rows.

    `rows` = `accepted` + `rejects`; `values` counts the distinct keys of the accepted rows.
    """

    run_id: str
    transfer: str
    started_at: datetime
    mapping_hash: str
    config_hash: str
    source_system_id: str
    target_system_id: str
    rows: int
    accepted: int
    rejects: int
    values: int
    first_period: str | None
    last_period: str | None
    tally_version: str


class Image(NamedTuple):
    """What a run really asked and was answered: every combination of three lists of numbers.

    Each frame has one column `id` (UInt64), a number of the dictionary of the same name.
    """

    periods: pl.DataFrame
    form_cells: pl.DataFrame
    org_units: pl.DataFrame


class SnapshotChange(NamedTuple):
    """How many cells a run found changed in tracker, against what was known before."""

    appeared: int
    changed: int
    vanished: int
    same: int


@dataclass(frozen=True)
class ComparisonRecord:
    """With what a run was compared, and how far apart still agrees."""

    run_id: str
    manual_source: str
    manual_read_at: datetime
    tolerance: float
    tolerance_share: float


class FailedCheck(NamedTuple):
    """A check of the store that found bad rows."""

    check: str
    rows: int
