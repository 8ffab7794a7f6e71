"""Frames as Parquet files that are whole or not there."""

import os
import re
from pathlib import Path

import polars as pl

from pipeline.files.whole import whole_file

_SYSTEM_SAID = re.compile(r"\(os error (\d+)\)")


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
