"""Find where a site register contradicts itself, has gaps, or names what is not there."""

from collections.abc import Iterable, Iterator, Mapping

import polars as pl

from pipeline.verify.rules.findings import Finding, labels, many, names_of

_SAME = ["org_unit", "data_element", "data_set"]
_FILE = "mappings/sites.csv"


def site_findings(
    sites: pl.DataFrame, org_units: pl.DataFrame, periods: pl.DataFrame, known: Iterable[str]
) -> Iterator[Finding]:
    """What is wrong with the register, for the org units and periods of a transfer.

    `sites` as they are read. `org_units`: id (null: goes nowhere), name. `periods`: period,
    start. `known`: the ids of the target's org units, data elements and data sets.
    """
    if sites.is_empty():
        return
    yield from _unknown(sites, set(known))
    yield from _contradictions(sites)
    yield from _gaps(sites, periods, names_of(org_units))
    unlisted = org_units.drop_nulls("id").join(sites, left_on="id", right_on="org_unit", how="anti")
    yield from many(
        "sites-not-listed",
        "note",
        "org units of the transfer are not in the site register; they are filled from tracker",
        labels(unlisted["id"], names_of(org_units)),
        f"list them in {_FILE} if some of them report on paper",
    )


def _unknown(sites: pl.DataFrame, known: set[str]) -> Iterator[Finding]:
    named = {
        str(name): line for line, *names in sites.select("line", *_SAME).rows() for name in names
    }
    yield from many(
        "sites-unknown",
        "error",
        "ids in the site register are not known to the target",
        [f"{name} (line {line})" for name, line in named.items() if name and name not in known],
        f"mend {_FILE}",
    )


def _contradictions(sites: pl.DataFrame) -> Iterator[Finding]:
    """Rows about the same site and form that overlap in time, worse where they differ."""
    rows = sites.select("line", *_SAME, "reports", "favour", "first_day", "last_day")
    pairs = rows.join(rows, on=_SAME, how="inner", suffix="_other").filter(
        (pl.col("line") < pl.col("line_other"))
        & (pl.col("first_day") <= pl.col("last_day_other"))
        & (pl.col("first_day_other") <= pl.col("last_day"))
    )
    differs = (pl.col("reports") != pl.col("reports_other")) | (
        pl.col("favour") != pl.col("favour_other")
    )
    for is_error, found in ((True, pairs.filter(differs)), (False, pairs.filter(~differs))):
        yield from many(
            "sites-contradict" if is_error else "sites-overlap",
            "error" if is_error else "note",
            "pairs of rows of the site register overlap"
            + (" and say different things; such cells are held" if is_error else ""),
            found.select(pl.format("lines {} and {}", "line", "line_other")).to_series().to_list(),
            f"end one of them before the other begins, in {_FILE}",
        )


def _gaps(
    sites: pl.DataFrame, periods: pl.DataFrame, names: Mapping[str, str]
) -> Iterator[Finding]:
    """The listed sites that have a period that no row is about."""
    whole = sites.select(_SAME).unique().join(periods.select("period", "start"), how="cross")
    covered = (
        whole.join(sites.select(*_SAME, "first_day", "last_day"), on="org_unit", how="inner")
        .filter(pl.col("start").is_between("first_day", "last_day"))
        .filter(_covers("data_element") & _covers("data_set"))
        .select(*_SAME, "period")
        .unique()
    )
    gaps = (
        whole.join(covered, on=[*_SAME, "period"], how="anti").select("org_unit", "period").unique()
    )
    yield from many(
        "sites-gap",
        "warning",
        "listed sites have periods of which the site register says nothing; they are held",
        [
            f"{site} {period}"
            for site, period in zip(labels(gaps["org_unit"], names), gaps["period"], strict=True)
        ],
        f"say in {_FILE} who reported then",
    )


def _covers(column: str) -> pl.Expr:
    return (pl.col(f"{column}_right") == "") | (pl.col(f"{column}_right") == pl.col(column))
