"""Bring together all that a plan is decided by: one row per cell that anybody knows of."""

import polars as pl

from pipeline.cells.dictionaries import form_cells_of
from pipeline.cells.packing import pack, unpack
from pipeline.cells.periods import parse_period
from pipeline.dhis2.asked_values import extents_of
from pipeline.dhis2.closings import EXCEPTIONS, read_lock_exceptions
from pipeline.dhis2.system import ADD_VALUES, EDIT_EXPIRED
from pipeline.plan.context import PlanContext
from pipeline.plan.remainders import grown_cells
from pipeline.plan.rules.assembly import (
    form_cells_to_plan,
    in_scope,
    in_window,
    side_by_side,
    with_doubt,
    with_holds,
    with_openings,
)
from pipeline.plan.rules.holds.options import not_here, options_of, out_of_date, validity
from pipeline.plan.rules.holds.org_units import judge_org_units
from pipeline.plan.rules.holds.periods import ServerClock, judge_periods
from pipeline.plan.rules.holds.sources import (
    counted_twice,
    doubtful_sources,
    with_source_holds,
)
from pipeline.plan.rules.reasons import EXPIRED, NO_AUTHORITY
from pipeline.plan.rules.remainders import with_totals
from pipeline.plan.target import TargetState, read_cells


def assemble(context: PlanContext) -> pl.DataFrame:
    """One row per cell of the image, and per cell of ours in the window, for `with_rulings`.

    Ours may have left the mapping; they are read like all others, or how could one tell.
    """
    run, extract = context.work.run, context.extract
    state, dictionaries = context.state, context.dictionaries
    org_units = context.target_org_units
    ledger = in_window(
        context.work.store.ledger(state.known_as),
        dictionaries,
        extract.periods,
        org_units if extract.only_org_units else None,
    )
    form_cells = form_cells_to_plan(
        context.mapping,
        list(extract.unknown_indicators),
        form_cells_of(ledger, dictionaries),
        state.forms,
    )
    data_sets = form_cells["data_set"].drop_nulls().unique().sort()
    current = read_cells(
        context.target,
        data_sets,
        extract.periods,
        state.account.reading_roots,
        extents_of(state.forms),
    )
    values = pl.read_parquet(run.path / "values.parquet")
    cells = side_by_side(pack(values, dictionaries), pack(current, dictionaries), ledger)
    scoped = in_scope(unpack(cells, dictionaries), form_cells, org_units)
    doubted = with_doubt(
        _with_holds(scoped, context), pl.read_parquet(run.path / "doubtful.parquet")
    )
    return with_totals(doubted, grown_cells(context))


def _with_holds(cells: pl.DataFrame, context: PlanContext) -> pl.DataFrame:
    """Add hold_reason and unread, as the target judges forms, periods, org units and options."""
    forms, account = context.state.forms, context.state.account
    periods = [parse_period(period) for period in context.extract.periods]
    judged = judge_periods(
        periods, forms.data_sets, forms.input_periods, _server_clock(context.state)
    )
    combos = cells["attribute_option_combo"].unique().to_list()
    options = options_of(forms.category_option_combos, combos)
    valid = validity(forms.category_options, forms.data_sets, periods[0].type)
    held = with_holds(
        with_openings(
            cells,
            _lock_exceptions(context, judged),
            out_of_date(options, valid, context.days, whole=context.state.info.is_new_engine),
            not_here(options, forms.category_options, forms.org_units),
        ),
        forms.data_set_org_units,
        judge_org_units(forms.org_units, account.capture_roots),
        context.days,
        judged,
    )
    held = with_source_holds(
        held,
        doubtful_sources(
            context.org_units,
            context.tables.org_units["source_org_unit"],
            context.source_org_units,
            forms.org_units,
        ),
        counted_twice(context.org_units, context.source_org_units, forms.data_set_org_units),
    )
    if account.may(ADD_VALUES):
        return held
    return held.with_columns(hold_reason=pl.coalesce("hold_reason", pl.lit(NO_AUTHORITY)))


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
