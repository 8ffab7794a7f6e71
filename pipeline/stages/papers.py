"""What one stage leaves in the run's folder for the next."""

import hashlib
import os
import re
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import polars as pl

from pipeline.dhis2.target_metadata import TargetMetadata
from pipeline.runs import RunFolder, whole_file, write_json
from pipeline.sections import Transfer
from pipeline.transform.findings import names_of

_EXTRACT = "extract.json"
_NOT_A_FRAME = "default_option_combo"
_SYSTEM_SAID = re.compile(r"\(os error (\d+)\)")


@dataclass(frozen=True)
class Extract:
    """What a complete extract asked and learned; written last, it is the mark of completeness.

    `org_units` are the source's, as asked. `unknown_indicators`: those the server could not run
    when asked alone, with its sentence. `silent_indicators`: those without any row, which the
    server confirmed when asked alone. `categories`: per indicator, what it was asked with.
    `only_org_units` and `only_periods`: what the run was limited to.
    """

    run_id: str
    started_at: datetime
    periods: list[str]
    period_type: str
    org_units: list[str]
    levels: dict[str, int]
    categories: dict[str, list[str]]
    unknown_indicators: dict[str, str]
    silent_indicators: list[str]
    source_system_id: str
    source_version: str
    target_system_id: str
    target_version: str
    source_account: str
    target_account: str
    analytics_built: str
    filters: list[str] = field(default_factory=list)
    only_org_units: list[str] = field(default_factory=list)
    only_periods: list[str] = field(default_factory=list)

    @property
    def is_narrow(self) -> bool:
        """Tell whether the run is about a part of the transfer only, as somebody asked."""
        return bool(self.only_org_units or self.only_periods)

    def write(self, run: RunFolder) -> None:
        """Leave the paper."""
        write_json(run.path / _EXTRACT, {**asdict(self), "started_at": self.started_at.isoformat()})


def read_extract(run: RunFolder) -> Extract:
    """Read the paper, or say which command makes it."""
    record = run.read_json(_EXTRACT, "extract")
    return Extract(**{**record, "started_at": datetime.fromisoformat(record["started_at"])})


@dataclass(frozen=True)
class TargetFrames(TargetMetadata):
    """The target's metadata as it was read, kept beside the run."""

    @classmethod
    def keep(cls, run: RunFolder, metadata: TargetMetadata) -> Self:
        """Write every frame as Parquet."""
        parts: dict[str, Any] = dict(vars(metadata))
        for name, frame in parts.items():
            if name != _NOT_A_FRAME:
                keep_frame(run, name, frame)
        write_json(run.metadata / "default.json", {_NOT_A_FRAME: metadata.default_option_combo})
        return cls(**parts)

    @classmethod
    def read(cls, run: RunFolder) -> Self:
        """Read every frame back."""
        told = run.read_json("metadata/default.json", "extract")
        frames: dict[str, Any] = {
            name: pl.read_parquet(run.require(f"metadata/{name}.parquet", "extract"))
            for name in cls.__dataclass_fields__
            if name != _NOT_A_FRAME
        }
        return cls(**frames, **told)


def keep_frame(run: RunFolder, name: str, frame: pl.DataFrame) -> None:
    """Write one metadata frame beside the run."""
    write_frame(run.metadata / f"{name}.parquet", frame)


def indicator_names(run: RunFolder) -> dict[str, str]:
    """Give the names of the program indicators that a run asked; none before it knew them."""
    path = run.metadata / "program_indicators.parquet"
    return names_of(pl.read_parquet(path, columns=["id", "name"])) if path.exists() else {}


def write_frame(path: Path, frame: pl.DataFrame) -> None:
    """Write a frame as Parquet that is whole or not there."""
    with whole_file(path) as unfinished:
        try:
            frame.write_parquet(unfinished)
        except pl.exceptions.ComputeError as fault:  # polars wraps what the system said
            said = _SYSTEM_SAID.search(str(fault))
            if said is None:
                raise
            raise OSError(int(said[1]), os.strerror(int(said[1])), str(path)) from fault


def config_fingerprint(settings: Transfer) -> str:
    """Hash what a configuration means to a plan; what is compared or kept is nothing to it."""
    meant = settings.model_dump_json(exclude={"compare", "keep"})
    return hashlib.sha256(meant.encode()).hexdigest()
