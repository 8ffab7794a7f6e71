"""Draw the discrepancy report as one page of HTML that needs nothing but itself."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from pipeline.compare.rules.overview import COMPARED_SIDES, Overview
from pipeline.report.discrepancies.districts import district_panels
from pipeline.report.discrepancies.heat_map import heat_map
from pipeline.report.discrepancies.summary import (
    AGREEMENT_WORDS,
    DIFFERING,
    ONE_SIDED,
    Sentence,
    sentences,
    summarise_overview,
)
from pipeline.text.escaping import shortened, visible
from pipeline.text.wording import count, day, minute, number, period_name, share, signed

MOST_ELEMENT_ROWS = 240
MOST_SITE_ROWS = 40
MOST_CELL_ROWS = 60
EXAMPLES = 3
_DEFAULT_COMBO = "default"


@dataclass(frozen=True)
class Capped:
    """The first lines of something longer, and how many more there are."""

    lines: list[dict[str, Any]]
    left_out: int


def discrepancies_as_html(overview: Overview) -> str:
    """The whole report as one HTML document: no script, nothing fetched, same bytes again."""
    first, *others = sentences(summarise_overview(overview))
    return (
        _environment()
        .get_template("discrepancies.html")
        .render(
            provenance=overview.provenance,
            first=_with_names(first),
            others=[_with_names(sentence) for sentence in others],
            classes=_classes(overview.agreements),
            panels=district_panels(overview.district_months),
            elements=elements(overview.elements),
            heat=heat_map(overview.sites, overview.site_months),
            sites=_capped(overview.sites.filter(pl.col("distance") > 0), MOST_SITE_ROWS),
            differing=_capped(_of_class(overview.cells, DIFFERING), MOST_CELL_ROWS),
            silent=_capped(_of_class(overview.cells, ONE_SIDED), MOST_CELL_ROWS),
            findings=_by_rule(overview.findings),
        )
    )


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("pipeline.report.discrepancies"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "number": number,
        "signed": signed,
        "share": share,
        "day": day,
        "minute": minute,
        "name": shortened,
        "visible": visible,
    }
    environment.globals |= {
        "count": count,
        "period_name": period_name,
        "combination": combination,
        "agreement_words": AGREEMENT_WORDS,
    }
    return environment


def _with_names(sentence: Sentence) -> Markup:
    """Join the parts; a name keeps its own direction of reading inside the sentence."""
    return Markup("").join(
        Markup("<bdi>{}</bdi>").format(shortened(part)) if place % 2 else escape(part)
        for place, part in enumerate(sentence)
    )


def _classes(agreements: pl.DataFrame) -> list[dict[str, Any]]:
    whole = int(agreements["cells"].sum()) or 1
    classes, before = [], 0
    for one in agreements.iter_rows(named=True):
        title, meaning = AGREEMENT_WORDS[one["agreement"]]
        place = {"start": 100 * before / whole, "width": 100 * one["cells"] / whole}
        classes.append({**one, "title": title, "meaning": meaning, **place})
        before += one["cells"]
    return classes


def elements(by_district: pl.DataFrame) -> Capped:
    """Group the rows of districts under their data element; where least agrees, first."""
    silent = pl.col("cells") - pl.col("agreeing")
    summed = (
        by_district.group_by("data_element", "data_element_name")
        .agg(
            pl.col("cells", "agreeing", "differing", "only_tracker", "only_manual").sum(),
            *(_sum_of_known(f"{side}_total") for side in COMPARED_SIDES),
        )
        .with_columns(difference=pl.col("tracker_total") - pl.col("manual_total"))
        .sort(silent, "data_element_name", "data_element", descending=[True, False, False])
    )
    districts = by_district.sort(silent, "district", descending=[True, False]).partition_by(
        "data_element", as_dict=True
    )
    lines, rows = [], 0
    for one in summed.iter_rows(named=True):
        within = districts[(one["data_element"],)].head(MOST_ELEMENT_ROWS - rows)
        if within.is_empty():
            break
        lines.append({**one, "districts": within.to_dicts()})
        rows += within.height
    return Capped(lines, by_district.height - rows)


def _sum_of_known(column: str) -> pl.Expr:
    return pl.when(pl.col(column).count() > 0).then(pl.col(column).sort().sum()).alias(column)


def _of_class(cells: pl.DataFrame, classes: Collection[str]) -> pl.DataFrame:
    return cells.filter(pl.col("agreement").is_in(classes))


def _by_rule(findings: pl.DataFrame) -> list[dict[str, Any]]:
    """Count what was found, the commonest first, with the first few as examples."""
    return (
        findings.group_by("rule_id", "sentence", "source", maintain_order=True)
        .agg(times=pl.len(), examples=pl.struct("line", "observed").head(EXAMPLES))
        .sort("times", "rule_id", "source", descending=[True, False, False])
        .to_dicts()
    )


def _capped(frame: pl.DataFrame, most: int) -> Capped:
    return Capped(frame.head(most).to_dicts(), max(frame.height - most, 0))


def combination(cell: Mapping[str, Any]) -> str:
    """Name the disaggregation of a cell; what everything has by default is left out."""
    combos = (cell["category_option_combo_name"], cell["attribute_option_combo_name"])
    return ", ".join(combo for combo in combos if combo.lower() != _DEFAULT_COMBO)
