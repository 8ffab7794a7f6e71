"""What shuts cells of the target, read and judged once for all of a plan's cells."""

from dataclasses import dataclass

import polars as pl

from pipeline.cells.periods import parse_period
from pipeline.dhis2.closings import EXCEPTIONS, read_lock_exceptions
from pipeline.dhis2.system import ADD_VALUES, EDIT_EXPIRED
from pipeline.plan.context import PlanContext
from pipeline.plan.rules.assembly import with_holds, with_openings
from pipeline.plan.rules.holds.options import not_here, options_of, out_of_date, validity
from pipeline.plan.rules.holds.org_units import judge_org_units
from pipeline.plan.rules.holds.periods import ServerClock, judge_periods
from pipeline.plan.rules.holds.sources import (
    counted_twice,
    doubtful_sources,
    with_source_holds,
)
from pipeline.plan.rules.reasons import EXPIRED, NO_AUTHORITY
from pipeline.plan.target import TargetState


@dataclass(frozen=True)
class Closings:
    """What shuts cells, by the parts of a cell that it depends on.

    `lock_exceptions`: data_set, period, org_unit. `dates` and `places`: of option combos, as
    `holds.options` gives them. `org_units`, `periods`, `sources`, `counted_twice`: as the modules
    of `holds` give them. `may_write`: whether the account may write data values at all.
    """

    assignments: pl.DataFrame
    lock_exceptions: pl.DataFrame
    dates: pl.DataFrame
    places: pl.DataFrame
    org_units: pl.DataFrame
    days: pl.DataFrame
    periods: pl.DataFrame
    sources: pl.DataFrame
    counted_twice: pl.DataFrame
    may_write: bool

    def judge(self, cells: pl.DataFrame) -> pl.DataFrame:
        """The cells (as `in_scope` gives them) with hold_reason and unread."""
        opened = with_openings(cells, self.lock_exceptions, self.dates, self.places)
        held = with_source_holds(
            with_holds(opened, self.assignments, self.org_units, self.days, self.periods),
            self.sources,
            self.counted_twice,
        )
        if self.may_write:
            return held
        return held.with_columns(hold_reason=pl.coalesce("hold_reason", pl.lit(NO_AUTHORITY)))


def read_closings(context: PlanContext, form_cells: pl.DataFrame) -> Closings:
    """Judge forms, periods, org units and options; lock exceptions are asked for where needed.

    `form_cells`: attribute_option_combo, of all that is planned.
    """
    forms, account, state = context.state.forms, context.state.account, context.state
    periods = [parse_period(period) for period in context.extract.periods]
    judged = judge_periods(periods, forms.data_sets, forms.input_periods, _server_clock(state))
    combos = form_cells["attribute_option_combo"].unique().to_list()
    options = options_of(forms.category_option_combos, combos)
    valid = validity(forms.category_options, forms.data_sets, periods[0].type)
    listed = context.tables.org_units["source_org_unit"]
    return Closings(
        assignments=forms.data_set_org_units,
        lock_exceptions=_lock_exceptions(context, judged),
        dates=out_of_date(options, valid, context.days, whole=state.info.is_new_engine),
        places=not_here(options, forms.category_options, forms.org_units),
        org_units=judge_org_units(forms.org_units, account.capture_roots),
        days=context.days,
        periods=judged,
        sources=doubtful_sources(
            context.org_units, listed, context.source_org_units, forms.org_units
        ),
        counted_twice=counted_twice(
            context.org_units, context.source_org_units, forms.data_set_org_units
        ),
        may_write=account.may(ADD_VALUES),
    )


def _server_clock(state: TargetState) -> ServerClock:
    return ServerClock(
        state.info.now,
        may_edit_expired=state.account.may(EDIT_EXPIRED),
        cuts_days=state.info.is_new_engine,
        inverts_windows=state.info.inverts_input_periods,
    )


def _lock_exceptions(context: PlanContext, judged: pl.DataFrame) -> pl.DataFrame:
    """The lock exceptions, read only where anything is locked: data_set, period, org_unit."""
    if judged.filter(pl.col("period_hold") == EXPIRED).is_empty():
        return pl.DataFrame(schema=EXCEPTIONS)
    return read_lock_exceptions(context.target, context.state.info)
