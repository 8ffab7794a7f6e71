"""What people decided and registered, as one hash: a plan holds only as long as it is the same."""

import hashlib
from datetime import date
from pathlib import Path

import polars as pl

from pipeline.tables.decisions import DecisionTable, read_decisions
from pipeline.tables.sites import read_sites, sites_fingerprint


def rulings_fingerprint(folder: Path, mappings: Path, today: date) -> str:
    """Hash decisions (in `folder` of the transfer) and site register (in `mappings`) as of a day.

    Raises `UsageError` with file and line for what is wrong in them.
    """
    return fingerprint_of(read_decisions(folder, today), read_sites(mappings))


def fingerprint_of(decisions: DecisionTable, sites: pl.DataFrame) -> str:
    """Hash decisions and a site register that were read already."""
    both = decisions.fingerprint + sites_fingerprint(sites)
    return hashlib.sha256(both.encode()).hexdigest()
