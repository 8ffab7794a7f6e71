"""Lay out sites and months as a map of shades: how far tracker and the manual reports are apart."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from pipeline.report.discrepancies.pictures import Label, newest_periods
from pipeline.text.escaping import shortened, told_apart
from pipeline.text.wording import count, number, period_name, period_parts

MOST_MAP_SITES = 40
MOST_MAP_PERIODS = 18
SLOT, LINE, HEADER = 34.0, 20.0, 36.0
NAME_LETTERS, LETTER, MARGIN = 24, 7.6, 8.0
EDGES_AT_MOST = 3
_NICE = tuple(digit * 10.0**power for power in range(-4, 13) for digit in (1, 2, 5))
_THOUSAND, _MILLION = 1_000, 1_000_000


@dataclass(frozen=True)
class Square:
    """One site in one period; `shade` 0 agrees, the darkest is farthest apart."""

    x: float
    y: float
    shade: int
    number: str
    tooltip: str


@dataclass(frozen=True)
class HeatMap:
    """The worst sites over the newest periods; `shades` says in words what each shade means.

    Places are counted from the corner of the first square, which is `left` and `top` of the
    picture's own; names stand left of it, periods above.
    """

    sites: Sequence[Label]
    periods: Sequence[Label]
    years: Sequence[Label]
    squares: Sequence[Square]
    shades: Sequence[str]
    left: float
    width: float
    height: float
    left_out_sites: int
    left_out_periods: int
    top: float = HEADER
    slot: float = SLOT
    line: float = LINE


def heat_map(sites: pl.DataFrame, site_months: pl.DataFrame) -> HeatMap:
    """Place the sites that are farthest apart; takes `Overview.sites` and `.site_months`."""
    apart = sites.filter(pl.col("distance") > 0)
    worst = apart.head(MOST_MAP_SITES).select("org_unit", "org_unit_name").with_row_index("line")
    shown, left_out_periods = newest_periods(site_months, MOST_MAP_PERIODS)
    drawn = (
        site_months.join(
            worst.select("org_unit", "line"), on="org_unit", how="inner", validate="m:1"
        )
        .join(shown.select("period", "place"), on="period", how="inner", validate="m:1")
        .sort("line", "place")
    )
    edges = _edges(max(drawn["distance"], default=0))
    called = told_apart(dict(worst.select("org_unit", "org_unit_name").iter_rows()), NAME_LETTERS)
    names = [shortened(name, NAME_LETTERS) for name in called.values()]
    left = round(2 * MARGIN + LETTER * max(map(len, names), default=0), 1)
    return HeatMap(
        sites=[Label(-MARGIN, (line + 0.7) * LINE, name) for line, name in enumerate(names)],
        periods=[
            Label(_middle(place), -7, period_parts(*when)[0]) for place, *when in shown.iter_rows()
        ],
        years=_years(shown),
        squares=[_square(one, edges) for one in drawn.iter_rows(named=True)],
        shades=_shades(edges),
        left=left,
        width=left + shown.height * SLOT,
        height=HEADER + worst.height * LINE,
        left_out_sites=apart.height - worst.height,
        left_out_periods=left_out_periods,
    )


def _middle(place: int) -> float:
    return (place + 0.5) * SLOT


def _years(shown: pl.DataFrame) -> list[Label]:
    """Write each year once, over its first period."""
    firsts: dict[str, int] = {}
    for place, *when in shown.iter_rows():
        firsts.setdefault(period_parts(*when)[1], place)
    return [Label(_middle(place), -22, year) for year, place in firsts.items()]


def _edges(most: float) -> list[float]:
    """Choose where the shades change: round numbers, five times apart, up to half the most."""
    under = [edge for edge in _NICE if edge <= most / 2 and (edge > 1 or most < 1)]
    return under[::-2][:EDGES_AT_MOST][::-1]


def _shades(edges: list[float]) -> list[str]:
    if not edges:
        return ["0", "more than 0"]
    between = [f"{number(low)} to under {number(high)}" for low, high in itertools.pairwise(edges)]
    return ["0", f"under {number(edges[0])}", *between, f"{number(edges[-1])} or more"]


def _square(one: dict[str, Any], edges: list[float]) -> Square:
    distance = one["distance"]
    agreeing = f"{number(one['agreeing'])} of {count(one['cells'], 'number')} agree"
    when = period_name(one["period"], one["period_start"])
    return Square(
        x=one["place"] * SLOT,
        y=one["line"] * LINE,
        shade=0 if not distance else 1 + sum(distance >= edge for edge in edges),
        number=_brief(distance),
        tooltip=f"{one['org_unit_name']}, {when}: gap {number(distance)}; {agreeing}",
    )


def _brief(distance: float) -> str:
    if distance >= _MILLION:
        return f"{distance / _MILLION:.0f}M"
    if distance >= _THOUSAND:
        return f"{distance / _THOUSAND:.0f}k"
    return number(round(distance, 1)) if distance < 10 else f"{distance:.0f}"  # noqa: PLR2004  # two digits
