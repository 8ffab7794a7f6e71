"""Count the cells of one target that two transfers fill."""

from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from pipeline.cells.key import FORM_CELL


class FilledCells(NamedTuple):
    """What a transfer fills: each form cell (frame of FORM_CELL), period and org unit."""

    form_cells: pl.DataFrame
    periods: Sequence[str]
    org_units: Sequence[str]


def shared_cells(mine: FilledCells, theirs: FilledCells) -> int:
    """How many cells both images hold."""
    cells = mine.form_cells.unique().join(theirs.form_cells, on=list(FORM_CELL), how="semi")
    periods = set(mine.periods) & set(theirs.periods)
    org_units = set(mine.org_units) & set(theirs.org_units)
    return cells.height * len(periods) * len(org_units)
