"""Sum the compared cells up, from the whole to the single site and month."""

from dataclasses import dataclass
from datetime import datetime

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.numbers import DECIMALS
from pipeline.compare.rules.discrepancies import AGREEING
from schemas.comparison import ManualFindings
from schemas.frames import columns, trusted
from schemas.vocabulary import AGREEMENTS

COMPARED_SIDES = ("tracker", "manual")


@dataclass(frozen=True)
class Provenance:
    """What every page says of where its numbers come from; moments are in UTC.

    `manual_source` and `tolerance` are words, `analytics_built` is as the source wrote it.
    """

    transfer: str
    run_id: str
    run_started_at: datetime
    analytics_built: str
    manual_source: str
    manual_read_at: datetime
    tally_version: str
    tolerance: str


@dataclass(frozen=True)
class Overview:
    """What tracker and manual reporting say of the same cells; every frame sorted for reading.

    Numbers are Float64 and null where a side said nothing. `agreeing` counts what is the same or
    within tolerance; `distance` sums how far apart the sides are, a silent one taken as 0.
    Totals, and the `difference` of two totals, are over the cells that both sides gave, so that
    the silence of one is never read as a difference; only `agreements` sums what each class holds.

    `agreements`: agreement, cells, tracker_total, manual_total; one row per class, all of them.
    `elements`: data_element, data_element_name, district, cells, agreeing, differing,
    only_tracker, only_manual, tracker_total, manual_total, difference.
    `district_months`: district, period, period_start, tracker_total, manual_total, difference.
    `sites`: org_unit, org_unit_name, district, cells, agreeing, differing, only_tracker,
    only_manual, tracker_total, manual_total, difference, distance; the farthest apart first.
    `site_months`: org_unit, org_unit_name, period, period_start, cells, agreeing, distance.
    `cells`: what `compare` gives, the names of element, combos and org unit, district,
    period_start; the farthest apart first.
    `findings`: rule_id, sentence, source, line, observed; what of the manual side is no number
    here, in the order of its lines.
    """

    provenance: Provenance
    agreements: pl.DataFrame
    elements: pl.DataFrame
    district_months: pl.DataFrame
    sites: pl.DataFrame
    site_months: pl.DataFrame
    cells: pl.DataFrame
    findings: DataFrame[ManualFindings]


def overview(
    cells: pl.DataFrame, findings: DataFrame[ManualFindings], provenance: Provenance
) -> Overview:
    """Sum up named cells (see `names.with_names`), once for each question that is asked."""
    ordered = cells.sort(
        _distance(),
        "org_unit_name",
        "org_unit",
        "period_start",
        "period",
        "data_element_name",
        "data_element",
        "category_option_combo_name",
        "category_option_combo",
        "attribute_option_combo_name",
        "attribute_option_combo",
        descending=[True] + [False] * 10,
    )
    return Overview(
        provenance=provenance,
        agreements=_agreements(ordered),
        elements=_elements(ordered),
        district_months=_district_months(ordered),
        sites=_sites(ordered),
        site_months=_site_months(ordered),
        cells=ordered,
        findings=trusted(
            findings.select(columns(ManualFindings)).sort("source", "line", "rule_id", "observed"),
            ManualFindings,
        ),
    )


def _agreements(cells: pl.DataFrame) -> pl.DataFrame:
    counted = cells.group_by("agreement").agg(
        _cells(), *(_sum(pl.col(f"{side}_value")).alias(f"{side}_total") for side in COMPARED_SIDES)
    )
    return (
        pl.DataFrame({"agreement": AGREEMENTS})
        .join(counted, on="agreement", how="left", validate="1:1", maintain_order="left")
        .with_columns(pl.col("cells").fill_null(0))
    )


def _elements(cells: pl.DataFrame) -> pl.DataFrame:
    return (
        cells.group_by("data_element", "data_element_name", "district")
        .agg(_cells(), *_classes(), *_totals())
        .with_columns(_difference())
        .sort("data_element_name", "data_element", "district")
    )


def _district_months(cells: pl.DataFrame) -> pl.DataFrame:
    return (
        cells.group_by("district", "period", "period_start")
        .agg(*_totals())
        .with_columns(_difference())
        .sort("district", "period_start", "period")
    )


def _sites(cells: pl.DataFrame) -> pl.DataFrame:
    return (
        cells.group_by("org_unit", "org_unit_name", "district")
        .agg(_cells(), *_classes(), *_totals(), _sum(_distance()).alias("distance"))
        .with_columns(_difference())
        .select(pl.exclude("distance"), "distance")
        .sort("distance", "org_unit_name", "org_unit", descending=[True, False, False])
    )


def _site_months(cells: pl.DataFrame) -> pl.DataFrame:
    return (
        cells.group_by("org_unit", "org_unit_name", "period", "period_start")
        .agg(_cells(), _agreeing(), _sum(_distance()).alias("distance"))
        .sort("org_unit_name", "org_unit", "period_start", "period")
    )


def _distance() -> pl.Expr:
    tracker, manual = pl.col("tracker_value"), pl.col("manual_value")
    return (tracker.fill_null(0) - manual.fill_null(0)).abs()


def _cells() -> pl.Expr:
    return pl.len().cast(pl.Int64).alias("cells")


def _agreeing() -> pl.Expr:
    return _count(pl.col("agreement").is_in(AGREEING), "agreeing")


def _classes() -> list[pl.Expr]:
    agreement = pl.col("agreement")
    return [
        _agreeing(),
        _count(agreement.is_in(["tracker_higher", "tracker_lower"]), "differing"),
        _count(agreement == "only_tracker", "only_tracker"),
        _count(agreement == "only_manual", "only_manual"),
    ]


def _count(which: pl.Expr, name: str) -> pl.Expr:
    return which.sum().cast(pl.Int64).alias(name)


def _totals() -> list[pl.Expr]:
    both = pl.col("difference").is_not_null()
    return [
        _sum(pl.col(f"{side}_value").filter(both)).alias(f"{side}_total") for side in COMPARED_SIDES
    ]


def _sum(numbers: pl.Expr) -> pl.Expr:
    """Add numbers up in sorted order, so that the same cells give the same bytes; nothing: null."""
    total = numbers.sort().sum().round(DECIMALS)
    return pl.when(numbers.count() > 0).then(total)


def _difference() -> pl.Expr:
    return (pl.col("tracker_total") - pl.col("manual_total")).round(DECIMALS).alias("difference")
