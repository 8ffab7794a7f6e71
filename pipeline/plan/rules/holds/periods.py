"""Which periods a data set takes now, by the target's own clock."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

import polars as pl

from pipeline.cells.periods import Period, period_of
from pipeline.plan.rules import reasons


class ServerClock(NamedTuple):
    """By what a server judges time: its own clock, the account's rights, and its version's ways.

    `cuts_days`: of expiry days only whole ones count (2.43 and later; docs/dhis2.md,
    Locks).
    `inverts_windows`: the dates of input periods are read the wrong way round (2.43.0, 2.43.1).
    """

    now: datetime
    may_edit_expired: bool = False
    cuts_days: bool = False
    inverts_windows: bool = False


def judge_periods(
    periods: Sequence[Period],
    data_sets: pl.DataFrame,
    input_periods: pl.DataFrame,
    clock: ServerClock,
) -> pl.DataFrame:
    """Which data set takes which period now: data_set, period, period_hold (null: open).

    unlocked_hold is what holds where a lock exception opens the period. `data_sets`: id,
    period_type, expiry_days, open_future_periods. `input_periods`: data_set, period,
    opening_date, closing_date. As DHIS2's import judges them (docs/dhis2.md, Locks): a
    data set is locked `expiryDays` and one day after the period's end (0: never); it opens
    `openFuturePeriods` ahead (0: not even the running period); input periods, where there are
    any, are the only ones.
    """
    written = input_periods.iter_rows(named=True)
    windows = {(row["data_set"], row["period"]): row for row in written}
    with_windows = {data_set for data_set, _ in windows}
    holds = []
    for data_set in data_sets.iter_rows(named=True):
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
    """Whether a period is locked; part of a day that is cut to none still counts as a day."""
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
