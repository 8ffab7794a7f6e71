"""The metadata frames that a run worked with, kept in its folder."""

from dataclasses import dataclass
from typing import Any, Self

import polars as pl

from pipeline.files.frames import write_frame
from pipeline.files.whole import write_json
from pipeline.run.folder import RunFolder
from pipeline.verify.rules.findings import names_of
from schemas.metadata import TargetMetadata

_NOT_A_FRAME = "default_option_combo"


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
        default = run.read_json("metadata/default.json", "extract")
        frames: dict[str, Any] = {
            name: pl.read_parquet(run.require(f"metadata/{name}.parquet", "extract"))
            for name in cls.__dataclass_fields__
            if name != _NOT_A_FRAME
        }
        return cls(**frames, **default)


def keep_frame(run: RunFolder, name: str, frame: pl.DataFrame) -> None:
    """Write one metadata frame beside the run."""
    write_frame(run.metadata / f"{name}.parquet", frame)


def indicator_names(run: RunFolder) -> dict[str, str]:
    """The names of the program indicators that a run asked; none before it knew them."""
    return _names_in(run, "program_indicators")


def source_names(run: RunFolder) -> dict[str, dict[str, str]]:
    """The names of what a run asked of its source, by id, for each kind of object."""
    return {
        "program_indicator": indicator_names(run),
        "org_unit": _names_in(run, "source_org_units"),
    }


def _names_in(run: RunFolder, name: str) -> dict[str, str]:
    path = run.metadata / f"{name}.parquet"
    return names_of(pl.read_parquet(path, columns=["id", "name"])) if path.exists() else {}
