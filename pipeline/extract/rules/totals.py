"""Where the cells of an indicator do not add up to its total: events that fit no option, or two.

A grid with categories leaves such events out without a word (docs/dhis2.md, Analytics leave
things out), so its numbers are whole only where the total says so.
"""

from collections.abc import Collection, Sequence

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.hierarchy import ancestor_at
from pipeline.cells.numbers import DECIMALS, number_of
from pipeline.extract.rules.questions import IndicatorBatch, Question, plan_questions
from pipeline.extract.rules.scope import Scope
from pipeline.extract.rules.selectors import OrgUnitSelector
from schemas.frames import columns, trusted
from schemas.remainders import PLACE, Remainders
from schemas.values import AnalyticsRows

_FRACTION = r"\.(\d*[1-9])0*$"
SUMS: dict[str, pl.DataType | type[pl.DataType]] = {
    **dict.fromkeys(PLACE, pl.String),
    "number": pl.Float64,
    "rounding": pl.Float64,
}


def sums_of(rows: DataFrame[AnalyticsRows]) -> pl.DataFrame:
    """What the rows of an answer add up to, whatever their options: SUMS.

    `rounding`: by how much the sum may be off because each of its numbers was rounded; nothing
    for whole numbers.
    """
    number = number_of(pl.col("value"))
    digits = pl.col("value").str.extract(_FRACTION).str.len_chars()
    off = pl.when(digits > 0).then(0.5 * (10.0 ** -digits.cast(pl.Float64))).otherwise(0.0)
    return rows.group_by(PLACE, maintain_order=True).agg(
        number=number.sum().round(DECIMALS), rounding=off.sum()
    )


def all_sums(parts: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """The sums of several answers, of which no two are about the same place."""
    return pl.concat([pl.DataFrame(schema=SUMS), *parts])


def total_questions(
    indicators: Sequence[str], scope: Scope, row_limit: int, filters: Sequence[str]
) -> list[Question]:
    """Questions for the totals of indicators, as high up as one can ask.

    That is: of the ancestors by which the scope names its org units, or of the org units
    themselves.
    """
    selectors = [OrgUnitSelector(selector.ids) for selector in scope.by_level]
    return _plan(indicators, scope.periods, selectors, row_limit, filters)


def places_of(scope: Scope) -> pl.DataFrame:
    """Where `total_questions` ask about each org unit: org_unit, place, level.

    `level`: of the org units that are asked below the place, null where it is asked itself.
    """
    parts = [_below(selector, scope) for selector in scope.by_level]
    return pl.concat([pl.DataFrame(schema=_PLACES), *parts])


_PLACES = {"org_unit": pl.String, "place": pl.String, "level": pl.Int64}


def _below(selector: OrgUnitSelector, scope: Scope) -> pl.DataFrame:
    if not selector.level or scope.known is None:
        alone = pl.DataFrame({"org_unit": selector.ids}, schema={"org_unit": pl.String})
        return alone.with_columns(place="org_unit", level=pl.lit(None, pl.Int64))
    depth = scope.known.filter(pl.col("id") == selector.ids[0])["level"].item()
    return scope.known.filter(pl.col("level") == selector.level).select(
        org_unit="id", place=ancestor_at(depth), level=pl.col("level").cast(pl.Int64)
    )


def at_places(sums: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """Sums of org units added up to those of their places."""
    return (
        sums.join(places.select("org_unit", "place"), on="org_unit", how="inner")
        .group_by("program_indicator", "period", org_unit="place", maintain_order=True)
        .agg(pl.col("number").sum().round(DECIMALS), pl.col("rounding").sum())
        .select(list(SUMS))
    )


def unexplained(totals: pl.DataFrame, sums: pl.DataFrame) -> DataFrame[Remainders]:
    """Where a total is more than its cells add up to, or is missing although there are cells.

    Both: SUMS. A total that is less is no remainder: counts of persons, means and the like do
    not add up.
    """
    both = totals.join(sums, on=PLACE, how="full", coalesce=True, suffix="_of_cells")
    off = pl.col("rounding").fill_null(0) + pl.col("rounding_of_cells").fill_null(0)
    categorised = pl.col("number_of_cells").fill_null(0)
    missing = pl.col("number").is_null() & (categorised != 0)
    more = (pl.col("number") - categorised).round(DECIMALS) > off
    found = both.filter(missing | more.fill_null(value=False)).select(
        *PLACE, total="number", categorised=categorised
    )
    return trusted(found.sort(PLACE).select(columns(Remainders)), Remainders)


def questions_below(
    found: DataFrame[Remainders], scope: Scope, row_limit: int, filters: Sequence[str]
) -> list[Question]:
    """Questions for the totals of the org units below the places where cells did not add up."""
    questions: list[Question] = []
    for selector in scope.by_level:
        part = found.filter(pl.col("org_unit").is_in(list(selector.ids)))
        if selector.level and not part.is_empty():
            below = _only(selector, set(part["org_unit"]))
            indicators, periods = _of(part, "program_indicator"), _of(part, "period")
            questions += _plan(indicators, periods, [below], row_limit, filters)
    return questions


def _only(selector: OrgUnitSelector, ancestors: Collection[str]) -> OrgUnitSelector:
    """The org units below these ancestors only."""
    kept = [pair for pair in zip(selector.ids, selector.below, strict=True) if pair[0] in ancestors]
    ids, below = zip(*kept, strict=True)
    return OrgUnitSelector(ids, selector.level, below)


def sums_below(
    sums: pl.DataFrame, found: DataFrame[Remainders], places: pl.DataFrame
) -> pl.DataFrame:
    """Of the sums of org units, those whose place is among `found`, for the same periods."""
    return (
        sums.join(places.select("org_unit", "place"), on="org_unit", how="inner")
        .join(
            found.select("program_indicator", "period", place="org_unit"),
            on=["program_indicator", "period", "place"],
            how="semi",
        )
        .select(list(SUMS))
    )


def overlap_questions(
    indicators: Sequence[str],
    periods: Sequence[str],
    roots: Sequence[OrgUnitSelector],
    filters: Sequence[str],
) -> list[Question]:
    """Questions whether indicators can be split up, about all that lies below some org units."""
    return _plan(indicators, periods, roots, 0, filters)


def _of(part: pl.DataFrame, column: str) -> list[str]:
    return part[column].unique().sort().to_list()


def _plan(
    indicators: Sequence[str],
    periods: Sequence[str],
    selectors: Sequence[OrgUnitSelector],
    row_limit: int,
    filters: Sequence[str],
) -> list[Question]:
    if not indicators:
        return []
    batch = IndicatorBatch(tuple(indicators), (), 1)
    return plan_questions([batch], periods, selectors, row_limit=row_limit, filters=filters)
