"""Lay out the difference by district over the months: one small panel each, all to one scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from pipeline.report.discrepancies.pictures import Label, newest_periods
from pipeline.text.wording import count, number, period_name, signed

MOST_PANELS = 12
MOST_PANEL_PERIODS = 24
WIDTH, HEIGHT, FOOT = 240.0, 104.0, 18.0
EDGE = 4.0  # left and right of the bars
LABEL = 16.0  # above and below them, for the number of the longest
GAP = 0.25


@dataclass(frozen=True)
class Bar:
    """One period of one district: above the line where tracker is higher."""

    x: float
    y: float
    width: float
    height: float
    higher: bool
    tooltip: str


@dataclass(frozen=True)
class Panel:
    """One district. `silences`: periods with no difference, because one side is silent."""

    district: str
    total: str
    description: str
    bars: Sequence[Bar]
    silences: Sequence[Label]
    peak: Label | None


@dataclass(frozen=True)
class Panels:
    """The districts with the largest differences, worst first, over the newest periods."""

    panels: Sequence[Panel]
    first: str
    last: str
    periods: int
    left_out_districts: int
    left_out_periods: int
    zero: float
    width: float = WIDTH
    height: float = HEIGHT


def district_panels(district_months: pl.DataFrame) -> Panels:
    """Place the bars of the worst districts; takes `Overview.district_months`."""
    shown, left_out_periods = newest_periods(district_months, MOST_PANEL_PERIODS)
    within = district_months.join(
        shown.select("period", "place"), on="period", how="inner", validate="m:1"
    ).sort("district", "place")
    worst = (
        within.group_by("district")
        .agg(apart=pl.col("difference").abs().sort().sum())
        .sort("apart", "district", descending=[True, False])
    )
    drawn = worst.head(MOST_PANELS)["district"].to_list()
    months = within.filter(pl.col("district").is_in(drawn)).partition_by("district", as_dict=True)
    names = [period_name(*row) for row in shown.select("period", "period_start").iter_rows()]
    scale = _Scale(shown.height, [one for each in months.values() for one in each["difference"]])
    return Panels(
        panels=[_panel(district, months[(district,)], scale) for district in drawn],
        first=names[0] if names else "",
        last=names[-1] if names else "",
        periods=shown.height,
        left_out_districts=worst.height - len(drawn),
        left_out_periods=left_out_periods,
        zero=scale.zero,
    )


class _Scale:
    """Turns a place among the periods and a difference into points of the picture.

    The line of zero stands where the longest bars, up and down, both find room.
    """

    def __init__(self, periods: int, differences: Sequence[float | None]) -> None:
        known = [one for one in differences if one is not None]
        above, below = max([0.0, *known]), -min([0.0, *known])
        room = HEIGHT - FOOT - 2 * LABEL
        self.slot = (WIDTH - 2 * EDGE) / max(periods, 1)
        self._points = room / ((above + below) or 1)
        self.zero = round(LABEL + (self._points * above if known else room / 2), 1)

    def middle(self, place: int) -> float:
        return round(EDGE + (place + 0.5) * self.slot, 1)

    def reach(self, difference: float) -> float:
        return round(self._points * abs(difference), 1)


def _panel(district: str, months: pl.DataFrame, scale: _Scale) -> Panel:
    known = months.drop_nulls("difference").to_dicts()
    silent = months.filter(pl.col("difference").is_null()).to_dicts()
    peak = max(known, key=lambda month: abs(month["difference"]), default=None)
    return Panel(
        district,
        signed(sum(month["difference"] for month in known)) if known else "–",  # noqa: RUF001  # a dash
        _description(known, silent, peak),
        [_bar(month, scale) for month in known],
        [
            Label(scale.middle(month["place"]), scale.zero, f"{_when(month)}: one side is silent")
            for month in silent
        ],
        _peak(peak, scale),
    )


def _description(
    known: list[dict[str, Any]], silent: list[dict[str, Any]], peak: dict[str, Any] | None
) -> str:
    higher = sum(month["difference"] > 0 for month in known)
    lower = sum(month["difference"] < 0 for month in known)
    sentence = f"Tracker is higher in {count(higher, 'period')} and lower in {number(lower)}"
    if silent:
        sentence += f"; one side is silent in {number(len(silent))}"
    if peak is not None and peak["difference"]:
        sentence += f"; the largest difference is {signed(peak['difference'])} in {_when(peak)}"
    return f"{sentence}."


def _bar(month: dict[str, Any], scale: _Scale) -> Bar:
    reach, width = scale.reach(month["difference"]), round(scale.slot * (1 - GAP), 1)
    higher = month["difference"] > 0
    return Bar(
        x=round(scale.middle(month["place"]) - width / 2, 1),
        y=round(scale.zero - reach if higher else scale.zero, 1),
        width=width,
        height=reach,
        higher=higher,
        tooltip=f"{_when(month)}: {signed(month['difference'])} (tracker "
        f"{number(month['tracker_total'])}, manual {number(month['manual_total'])})",
    )


def _peak(peak: dict[str, Any] | None, scale: _Scale) -> Label | None:
    if peak is None or not peak["difference"]:
        return None
    room = 24.0
    reach = scale.reach(peak["difference"])
    return Label(
        x=min(max(scale.middle(peak["place"]), room), WIDTH - room),
        y=round(scale.zero - reach - 4 if peak["difference"] > 0 else scale.zero + reach + 13, 1),
        text=signed(peak["difference"]),
    )


def _when(month: dict[str, Any]) -> str:
    return period_name(month["period"], month["period_start"])
