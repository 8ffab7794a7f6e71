"""The rows of an analytics answer: numbers of the last table run, summed as the request asks."""

import zlib
from collections import defaultdict
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from sandbox.analytics.query import AnalyticsQuery
from sandbox.analytics.refusals import kind
from sandbox.state.objects import Objects
from sandbox.state.world import AnalyticsRow, Json, World

LARGEST_PLAIN_DOUBLE = 10_000_000
ROUNDED = 2
UNROUNDED = 10


class GridRow(NamedTuple):
    """One row of a grid: the item, what stands under each column, the number."""

    item: str
    cells: tuple[str, ...]
    number: float


def raw_rows(
    query: AnalyticsQuery, objects: Objects, world: World, left_out: set[str]
) -> dict[str, list[AnalyticsRow]]:
    """What the tables hold for each item: one row per period, org unit and options."""
    found: dict[str, list[AnalyticsRow]] = {}
    for item in dict.fromkeys(query.items):
        if item in left_out:
            continue
        element, _, combo = item.partition(".")
        tables = world.built if kind(item, objects) == "programIndicators" else world.built_elements
        rows = tables.rows(element, query.periods, query.org_units) if tables else []
        found[item] = [row for row in rows if not combo or combo in row.options]
    return found


def overlapping(rows: Iterable[AnalyticsRow], category_of: dict[str, str]) -> list[AnalyticsRow]:
    """The rows whose events fit two options of one category."""
    return [row for row in rows if fits_twice(row, category_of)]


def fits_twice(row: AnalyticsRow, category_of: dict[str, str]) -> bool:
    """Whether a row's events fit two options of one category."""
    categories = [category_of[option] for option in row.options if option in category_of]
    return len(categories) > len(set(categories))


def grid_rows(
    query: AnalyticsQuery,
    raw: dict[str, list[AnalyticsRow]],
    objects: Objects,
    *,
    totals_are_of_mapped: bool = False,
) -> list[GridRow]:
    """Sum the rows over every dimension that is not a column; take the mean of means.

    Events that fit two options of one category are left out without a word where the categories
    are columns; the total has them, unless totals are of mapped events only.
    """
    category_of = objects.category_of_option()
    leaves_out = bool(query.options) or totals_are_of_mapped
    sums: dict[tuple[str, tuple[str, ...]], float] = defaultdict(float)
    weights: dict[tuple[str, tuple[str, ...]], float] = defaultdict(float)
    for item, rows in raw.items():
        for row in rows:
            if leaves_out and fits_twice(row, category_of):
                continue
            by_category = {category_of.get(option, "co"): option for option in row.options}
            if all(
                by_category.get(category) in options for category, options in query.options.items()
            ):
                columns = {**by_category, "pe": row.period, "ou": row.org_unit}
                cells = tuple(columns.get(column, "") for column in query.columns)
                sums[item, cells] += row.number * (row.weight or 1)
                weights[item, cells] += row.weight
    return [GridRow(*key, number / (weights[key] or 1)) for key, number in sums.items()]


def shuffled(rows: Iterable[tuple[object, ...]], seed: str) -> list[tuple[object, ...]]:
    """Rows in an order that means nothing but is the same for a seed."""
    return sorted(rows, key=lambda row: (zlib.crc32(f"{seed}{row}".encode()), str(row)))


def number_text(
    number: float, item: Json, *, unrounded: bool = False, scientific: bool = False
) -> str:
    """Write a number as DHIS2 does for an indicator with these `decimals`.

    `scientific` is the habit of dataValueSet.json, `unrounded` what `skipRounding=true` asks for.
    """
    places = item.get("decimals")
    exact = Decimal(repr(number))
    if places == 0 and (number.is_integer() or not unrounded):
        return f"{exact.quantize(Decimal(1), ROUND_HALF_UP):f}"
    digits = UNROUNDED if unrounded else ROUNDED if places is None else places
    rounded = exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP).normalize()
    whole, _, fraction = f"{rounded:f}".partition(".")
    if scientific and abs(rounded) >= LARGEST_PLAIN_DOUBLE:
        mantissa = rounded.scaleb(-rounded.adjusted()).normalize()
        digit, _, rest = f"{mantissa:f}".partition(".")
        return f"{digit}.{rest or 0}E{rounded.adjusted()}"
    return f"{whole}.{fraction or 0}"


def element_text(number: float) -> str:
    """Write the total of a data element: whole numbers without a point."""
    exact = Decimal(repr(number)).quantize(Decimal("0.01"), ROUND_HALF_UP).normalize()
    return f"{exact:f}"
