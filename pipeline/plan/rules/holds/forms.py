"""Which cells may not be written now, and why: found here, before a server refuses a country."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

import polars as pl

from pipeline.cells.periods import Period, period_of
from pipeline.plan.rules import reasons

FORM_CELL = ("data_element", "category_option_combo", "attribute_option_combo")


class FormCells(NamedTuple):
    """Frames of the target server that tell where a form cell belongs.

    Columns as the metadata frames have them: `data_sets` (id, period_type, expiry_days,
    open_future_periods, category_combo, workflow, can_write), `data_set_elements` (data_set,
    data_element, category_combo), `category_option_combos` (id, category_combo),
    `data_set_org_units` (data_set, org_unit), `input_periods` (data_set, period, opening_date,
    closing_date), `org_units` (id, path, opening_date, closed_date).
    """

    data_sets: pl.DataFrame
    data_set_elements: pl.DataFrame
    category_option_combos: pl.DataFrame
    data_set_org_units: pl.DataFrame
    input_periods: pl.DataFrame
    org_units: pl.DataFrame


def place_form_cells(form_cells: pl.DataFrame, target: FormCells) -> pl.DataFrame:
    """Find the data set of each form cell, and what forbids writing it anywhere.

    `form_cells`: the three columns of FORM_CELL and data_set ("": the only one that has the
    element). Adds data_set and form_hold (null: none).
    """
    only = (
        target.data_set_elements.group_by("data_element", maintain_order=True)
        .agg(pl.col("data_set").sort().first().alias("_data_set"))
        .select("data_element", "_data_set")
    )
    placed = form_cells.join(
        only, on="data_element", how="left", validate="m:1", maintain_order="left"
    ).with_columns(
        data_set=pl.when(pl.col("data_set") == "")
        .then(pl.col("_data_set"))
        .otherwise(pl.col("data_set"))
    )
    combos = target.category_option_combos
    return (
        placed.join(
            target.data_set_elements.select("data_set", "data_element", _combo="category_combo"),
            on=["data_set", "data_element"],
            how="left",
            validate="m:1",
            maintain_order="left",
        )
        .join(
            combos.select(category_option_combo="id", _own="category_combo"),
            on="category_option_combo",
            how="left",
            validate="m:1",
            maintain_order="left",
        )
        .join(
            combos.select(attribute_option_combo="id", _attribute="category_combo"),
            on="attribute_option_combo",
            how="left",
            validate="m:1",
            maintain_order="left",
        )
        .join(
            target.data_sets.select(data_set="id", _set_combo="category_combo", _write="can_write"),
            on="data_set",
            how="left",
            validate="m:1",
            maintain_order="left",
        )
        .with_columns(form_hold=_form_hold())
        .select(*FORM_CELL, "data_set", "form_hold")
    )


def _form_hold() -> pl.Expr:
    return (
        pl.when(pl.col("_combo").is_null() | pl.col("_set_combo").is_null())
        .then(pl.lit(reasons.ELEMENT_NOT_IN_DATA_SET))
        .when(pl.col("_own").ne_missing(pl.col("_combo")))
        .then(pl.lit(reasons.COMBO_NOT_IN_ELEMENT))
        .when(pl.col("_attribute").ne_missing(pl.col("_set_combo")))
        .then(pl.lit(reasons.ATTRIBUTE_COMBO_NOT_IN_DATA_SET))
        .when(~pl.col("_write").fill_null(value=True))
        .then(pl.lit(reasons.NO_WRITE_ACCESS))
    )


class ServerClock(NamedTuple):
    """By what a server judges time: its own clock, the account's rights, and its version's ways.

    `cuts_days`: of expiry days only whole ones count (2.43 and later; docs/dhis2.md, Locks).
    `inverts_windows`: the dates of input periods are read the wrong way round (2.43.0, 2.43.1).
    """

    now: datetime
    may_edit_expired: bool = False
    cuts_days: bool = False
    inverts_windows: bool = False


def judge_periods(periods: Sequence[Period], target: FormCells, clock: ServerClock) -> pl.DataFrame:
    """Tell which data set takes which period now: data_set, period, period_hold (null: open).

    unlocked_hold is what holds where a lock exception opens the period. Sources: a data set is
    locked `expiryDays` and one day after the period's end (0: never); it opens
    `openFuturePeriods` ahead (0: not even the running period); input periods, where there are
    any, are the only ones.
    """
    written = target.input_periods.iter_rows(named=True)
    windows = {(row["data_set"], row["period"]): row for row in written}
    with_windows = {data_set for data_set, _ in windows}
    holds = []
    for data_set in target.data_sets.iter_rows(named=True):
        for period in periods:
            early = _early_hold(period, data_set, clock.now)
            window = windows.get((data_set["id"], period.id))
            shut = _window_hold(window, clock) if data_set["id"] in with_windows else None
            locked = reasons.EXPIRED if _is_expired(period, data_set, clock) else None
            hold, unlocked = early or locked or shut, early or shut
            holds.append((data_set["id"], period.id, hold, unlocked))
    names = ("data_set", "period", "period_hold", "unlocked_hold")
    return pl.DataFrame(holds, schema=dict.fromkeys(names, pl.String), orient="row")


def _early_hold(period: Period, data_set: Mapping[str, object], now: datetime) -> str | None:
    if period.type != data_set["period_type"]:
        return reasons.WRONG_PERIOD_TYPE
    last_open = period_of(period.type, now.date()).start
    for _ in range(int(str(data_set["open_future_periods"] or 0))):
        last_open = period_of(period.type, _day_after(period.type, last_open)).start
    return reasons.FUTURE if period.start >= last_open else None


def _is_expired(period: Period, data_set: Mapping[str, object], clock: ServerClock) -> bool:
    """Tell whether a period is locked; part of a day that is cut to none still counts as a day."""
    days = float(str(data_set["expiry_days"] or 0))
    if days <= 0 or clock.may_edit_expired:
        return False
    whole = float(int(days)) if clock.cuts_days else days
    locked_from = datetime.combine(period.end, datetime.min.time()) + timedelta(days=1 + whole)
    return clock.now >= locked_from


def _day_after(period_type: str, start: date) -> date:
    return period_of(period_type, start).end + timedelta(days=1)


def _window_hold(window: Mapping[str, object] | None, clock: ServerClock) -> str | None:
    """Judge an input period; what is open by its dates is shut where the server inverts them."""
    if window is None:
        return reasons.NO_INPUT_PERIOD
    opening, closing = window["opening_date"], window["closing_date"]
    if isinstance(opening, datetime) and clock.now < opening:
        return reasons.INPUT_NOT_OPEN_YET
    if isinstance(closing, datetime) and clock.now > closing:
        return reasons.INPUT_CLOSED
    return reasons.INPUT_INVERTED if clock.inverts_windows else None


def judge_org_units(org_units: pl.DataFrame, capture_roots: list[str]) -> pl.DataFrame:
    """Tell which org units the account may write for: org_unit, path_hold, and the open dates.

    Adds path_known, so that an org unit the target does not show is told from one that is open.

    `org_units`: id, path, opening_date, closed_date. No roots: the account has no capture unit.
    """
    inside = pl.lit(value=False)
    for root in capture_roots:
        inside = inside | pl.col("path").str.contains(root, literal=True)
    return org_units.select(
        org_unit="id",
        path_hold=pl.when(~inside).then(pl.lit(reasons.OUTSIDE_CAPTURE)),
        path_known=pl.lit(value=True),
        opening_date="opening_date",
        closed_date="closed_date",
    )


def first_hold(assigned: pl.Expr, start: pl.Expr, end: pl.Expr) -> pl.Expr:
    """Name the first reason why a cell may not be written, null when it may.

    Reads form_hold, path_hold, option_hold, opening_date, closed_date, period_hold, and, where
    lock_exception, unlocked_hold in its place; `assigned` tells whether the org unit belongs to
    the data set, `start` and `end` are the period's dates.
    """
    return pl.coalesce(
        pl.col("form_hold"),
        pl.when(~assigned).then(pl.lit(reasons.NOT_ASSIGNED)),
        pl.col("path_hold"),
        pl.when(pl.col("closed_date") < start).then(pl.lit(reasons.CLOSED)),
        pl.when(pl.col("opening_date") > end).then(pl.lit(reasons.NOT_OPEN_YET)),
        pl.col("option_hold"),
        pl.when("lock_exception").then(pl.col("unlocked_hold")).otherwise(pl.col("period_hold")),
    )
