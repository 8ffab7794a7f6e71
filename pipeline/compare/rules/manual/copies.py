"""Reports that look copied, or written under another year: compared all the same, and told."""

from collections import defaultdict

import polars as pl

from pipeline.cells.periods import following, parse_period, previous
from pipeline.compare.rules.manual import reasons as rules
from pipeline.text.errors import UsageError

_FEWEST_NUMBERS = 3  # above zero, of which two differ: fewer may be the same by chance
_FEWEST_SITES = 2
_FEWEST_PERIODS = 3  # of a site: fewer do not show how its reports go on
_YEAR = 4  # digits at the head of a period's id
_SHAPE = {"rule_id": pl.String, "line": pl.Int64, "written": pl.String, "row": pl.UInt32}


def copied_reports(judged: pl.DataFrame) -> pl.DataFrame:
    """Months of a site, and sites of a month, whose numbers are all the same.

    `judged`: row, line, org_unit, unit_in_words, period, manual_combo, number, and rule_id, null
    where the row is a number. Gives row, line, rule_id and written, what is the same.
    """
    positive = pl.col("number").filter(pl.col("number") > 0)
    reports = (
        judged.filter(pl.col("rule_id").is_null())
        .sort("manual_combo", "number")
        .group_by("org_unit", "unit_in_words", "period")
        .agg(
            pl.col("row", "line").min(),
            pl.col("manual_combo"),
            pl.col("number").alias("numbers"),
            is_telling=(positive.len() >= _FEWEST_NUMBERS) & (positive.n_unique() > 1),
        )
        .filter("is_telling")
        .sort("row")
    )
    same = ("manual_combo", "numbers")
    months = _same(reports, ("org_unit", "unit_in_words", *same), "period")
    sites = _same(reports, ("period", *same), "unit_in_words")
    return pl.concat(
        [
            _shaped(months, "unit_in_words", "period", rules.COPIED_PERIOD.rule_id),
            _shaped(sites, "period", "unit_in_words", rules.COPIED_SITE.rule_id),
        ]
    )


def _same(reports: pl.DataFrame, keys: tuple[str, ...], column: str) -> pl.DataFrame:
    """Reports that have the same in `keys`, with each `column`; placed where the second stands."""
    return (
        reports.group_by(keys, maintain_order=True)
        .agg(column, "row", "line")
        .filter(pl.col(column).list.len() > 1)
        .with_columns(pl.col("row", "line").list.get(1))
    )


def _shaped(found: pl.DataFrame, one: str, several: str, rule_id: str) -> pl.DataFrame:
    written = pl.format("{}: {}", one, pl.col(several).list.join(", "))
    return found.with_columns(rule_id=pl.lit(rule_id), written=written).select(
        pl.col(name).cast(kind) for name, kind in _SHAPE.items()
    )


def other_years(read: pl.DataFrame) -> pl.DataFrame:
    """Reports that stand under one year, and are missing from another where they would fit.

    They fit where most sites have that period and few have the one that is written, or where
    the site's own reports go on. `read`: row, line, org_unit, unit_in_words and period, null
    where they are not known. Gives row, line, rule_id and written.
    """
    reports = (
        read.drop_nulls(["org_unit", "period"])
        .group_by("org_unit", "unit_in_words", "period")
        .agg(pl.col("row", "line").min())
        .sort("row")
    )
    periods_of: dict[str, set[str]] = defaultdict(set)
    sites_of: dict[str, set[str]] = defaultdict(set)
    for site, period in reports.select("org_unit", "period").iter_rows():
        periods_of[site].add(period)
        sites_of[period].add(site)
    beside = {period: _beside(period) for period in sites_of}
    found = []
    for site, name, period, row, line in reports.iter_rows():
        own = periods_of[site]
        is_alone = not beside[period] & own
        for other in _in_other_years(period) - own:
            is_usual = (
                2 * len(sites_of.get(other, ())) >= len(periods_of) > 2 * len(sites_of[period])
            )
            goes_on = is_alone and len(own) >= _FEWEST_PERIODS and bool(_beside(other) & own)
            if (is_usual and len(sites_of[other]) >= _FEWEST_SITES) or goes_on:
                written = f"{name}: {period}, and nothing for {other}"
                found.append((rules.OTHER_YEAR.rule_id, line, written, row))
    return pl.DataFrame(found, schema=_SHAPE, orient="row")


def _in_other_years(period: str) -> set[str]:
    """The same part of the year before and after, by the form of a period's id."""
    year, part = int(period[:_YEAR]), period[_YEAR:]
    return {f"{year - 1}{part}", f"{year + 1}{part}"} if part else set()


def _beside(period: str) -> set[str]:
    """The ids of the period before and the period after."""
    try:
        meant = parse_period(period)
    except UsageError:  # no such week in that year
        return set()
    return {previous(meant).id, following(meant).id}
