"""Bring together all that a plan is decided by: one row per cell that anybody knows of."""

import polars as pl

from pipeline.cells.dictionaries import form_cells_of
from pipeline.cells.joining import with_columns_of
from pipeline.cells.key import FORM_CELL, KEY
from pipeline.cells.packing import pack, unpack
from pipeline.cells.periods import parse_period
from pipeline.dhis2.closings import EXCEPTIONS, read_lock_exceptions
from pipeline.dhis2.http.client import Client
from pipeline.dhis2.system import ADD_VALUES, EDIT_EXPIRED
from pipeline.plan.rules.assembly import (
    in_scope,
    in_window,
    keeps_zeros,
    side_by_side,
    with_holds,
    with_openings,
)
from pipeline.plan.rules.holds.forms import (
    ServerClock,
    judge_org_units,
    judge_periods,
    place_form_cells,
)
from pipeline.plan.rules.holds.options import not_here, options_of, out_of_date
from pipeline.plan.rules.reasons import EXPIRED, NO_AUTHORITY
from pipeline.plan.target import TargetState, read_cells, rules_of
from pipeline.run.records import Extract
from pipeline.run.work import Work
from pipeline.tables import read_mapping
from pipeline.transform.rules.defaults import with_default_combos
from pipeline.transform.rules.org_units import target_org_units


def assemble(work: Work, target: Client, state: TargetState, extract: Extract) -> pl.DataFrame:
    """Give one row per cell of the image, and per cell of ours in the window, as `decide` wants it.

    Ours may have left the mapping; they are read like all others, or how could one tell.
    """
    dictionaries = work.store.dictionaries()
    values = pl.read_parquet(work.run.path / "values.parquet")
    tables = read_mapping(work.deployment.mappings(work.name))
    org_units = target_org_units(
        extract.org_units, tables.org_units, work.settings.mapping.unlisted_org_units
    )
    ledger = in_window(
        work.store.ledger(state.known_as),
        dictionaries,
        extract.periods,
        org_units if extract.only_org_units else None,
    )
    form_cells = _form_cells(work, state, extract, form_cells_of(ledger, dictionaries))
    data_sets = form_cells["data_set"].drop_nulls().unique().sort()
    current = read_cells(state, target, data_sets, extract.periods)
    cells = side_by_side(pack(values, dictionaries), pack(current, dictionaries), ledger)
    named = unpack(cells, dictionaries)
    scoped = in_scope(named, form_cells, org_units)
    return _with_doubt(work, _with_holds(scoped, target, state, extract))


def _form_cells(
    work: Work, state: TargetState, extract: Extract, ours: pl.DataFrame
) -> pl.DataFrame:
    """Give the form cells of the mapping, and of what is ours without it, with their place."""
    mapping = with_default_combos(
        read_mapping(work.deployment.mappings(work.name)).data_elements, state.forms
    )
    mapped = mapping.group_by(FORM_CELL, maintain_order=True).agg(
        pl.col("data_set").max(),
        form_unknown=pl.col("program_indicator").is_in(list(extract.unknown_indicators)).any(),
        mapped=pl.lit(value=True),
    )
    left = ours.join(mapped, on=FORM_CELL, how="anti", maintain_order="left").with_columns(
        data_set=pl.lit(""), form_unknown=False, mapped=False
    )
    both = pl.concat([mapped, left])
    placed = place_form_cells(both.select(*FORM_CELL, "data_set"), rules_of(state.forms))
    significant = state.forms.data_elements.select(
        data_element="id", zero_is_significant=keeps_zeros()
    )
    return placed.join(
        both.select(*FORM_CELL, "form_unknown", "mapped"),
        on=FORM_CELL,
        how="left",
        validate="1:1",
        maintain_order="left",
    ).join(significant, on="data_element", how="left", validate="m:1", maintain_order="left")


def _with_holds(
    cells: pl.DataFrame, target: Client, state: TargetState, extract: Extract
) -> pl.DataFrame:
    forms, account, info = state.forms, state.account, state.info
    periods = [parse_period(period) for period in extract.periods]
    clock = ServerClock(
        info.now,
        may_edit_expired=account.may(EDIT_EXPIRED),
        cuts_days=info.is_new_engine,
        inverts_windows=info.inverts_input_periods,
    )
    judged = judge_periods(periods, rules_of(forms), clock)
    combos = forms.category_option_combos
    options = options_of(combos, cells["attribute_option_combo"].unique().to_list())
    held = with_holds(
        with_openings(
            cells,
            _lock_exceptions(target, judged),
            out_of_date(options, forms.category_options, periods),
            not_here(options, forms.category_options, forms.org_units),
        ),
        forms.data_set_org_units,
        judge_org_units(
            forms.org_units.select("id", "path", "opening_date", "closed_date"),
            list(account.capture_roots),
        ),
        period_days(extract),
        judged,
    )
    if account.may(ADD_VALUES):
        return held
    return held.with_columns(hold_reason=pl.coalesce("hold_reason", pl.lit(NO_AUTHORITY)))


def _lock_exceptions(target: Client, judged: pl.DataFrame) -> pl.DataFrame:
    """Read lock exceptions where anything is locked."""
    if judged.filter(pl.col("period_hold") == EXPIRED).is_empty():
        return pl.DataFrame(schema=EXCEPTIONS)
    return read_lock_exceptions(target)


def _with_doubt(work: Work, cells: pl.DataFrame) -> pl.DataFrame:
    doubtful = pl.read_parquet(work.run.path / "doubtful.parquet")
    rejected = doubtful.with_columns(rejected=pl.lit(value=True))
    return with_columns_of(cells, rejected, KEY).with_columns(
        unknown=pl.col("form_unknown") | pl.col("rejected").fill_null(value=False)
    )


def period_days(extract: Extract) -> pl.DataFrame:
    """Give the days of the periods that were asked: period, start, end."""
    periods = [parse_period(period) for period in extract.periods]
    return pl.DataFrame(
        [(period.id, period.start, period.end) for period in periods],
        schema={"period": pl.String, "start": pl.Date, "end": pl.Date},
        orient="row",
    )
