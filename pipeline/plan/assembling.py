"""Bring together all that a plan is decided by: one row per cell that anybody knows of."""

from dataclasses import dataclass

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.dictionaries import form_cells_of
from pipeline.cells.packing import unpack
from pipeline.dhis2.data_values.asked import extents_of
from pipeline.plan.closings import Closings, read_closings
from pipeline.plan.context import PlanContext
from pipeline.plan.remainders import grown_cells
from pipeline.plan.rules.assembly import (
    form_cells_to_plan,
    in_scope,
    in_window,
    side_by_side,
    with_doubt,
)
from pipeline.plan.rules.plain_cells.apart import Held, Sides, held_cells, right_numbers
from pipeline.plan.rules.remainders import with_totals
from pipeline.plan.target import read_cells
from pipeline.run.values import packed_values
from schemas.frames import checked, trusted
from schemas.values import CellKeys, PackedValues


@dataclass(frozen=True)
class Assembly:
    """All that is known of the cells of a plan, before anything is decided.

    `form_cells`: as `form_cells_to_plan` gives them. `doubtful`: the cells of which a row was
    rejected. `held`: what the target holds, as it wrote it.
    """

    context: PlanContext
    form_cells: pl.DataFrame
    sides: Sides
    held: Held
    closings: Closings
    doubtful: DataFrame[CellKeys]

    def judged(self, cells: pl.DataFrame) -> pl.DataFrame:
        """Cells (the key and the three numbers) with their place, and what shuts them."""
        placed = in_scope(cells, self.form_cells, self.context.target_org_units)
        return self.closings.judge(placed)

    def cells(self, sides: Sides) -> pl.DataFrame:
        """One row per cell of some sides, for `with_rulings`."""
        current = self.held.texts_of(sides.current)
        together = side_by_side(sides.values, current, sides.ledger)
        known = unpack(together, self.context.dictionaries)
        doubted = with_doubt(self.judged(known), self.doubtful)
        return with_totals(doubted, grown_cells(self.context))


def assemble(context: PlanContext) -> Assembly:
    """What each side says of each cell of the image, and of each of ours in the window.

    Ours may have left the mapping; they are read like all others, or how could one tell.
    """
    run, extract = context.work.run, context.extract
    state, dictionaries = context.state, context.dictionaries
    ledger = in_window(
        context.ledger,
        dictionaries,
        extract.periods,
        context.target_org_units if extract.only_org_units else None,
    )
    form_cells = form_cells_to_plan(
        context.mapping,
        list(extract.unknown_indicators),
        form_cells_of(ledger, dictionaries),
        state.forms,
    )
    values = packed_values(run, dictionaries, context.work.handed_over)
    ours = trusted(ledger, PackedValues)
    adopt = context.work.settings.adopt
    parts = read_cells(
        context.target,
        form_cells["data_set"].drop_nulls().unique().sort(),
        extract.periods,
        state.account.reading_roots,
        dictionaries,
        extents=extents_of(state.forms),
    )
    right = right_numbers(values, ours, adopts=bool(adopt.stored_by) or adopt.aggregated)
    held = held_cells(parts, right)
    doubtful = checked(pl.read_parquet(run.path / "doubtful.parquet"), CellKeys)
    return Assembly(
        context,
        form_cells,
        Sides(values, held.numbers, ours),
        held,
        read_closings(context, form_cells),
        doubtful,
    )
