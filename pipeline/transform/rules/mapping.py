"""Turn analytics rows into cells of the target's forms, or hand them back with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

from pipeline.cells.bits import FORM_CELL_SHIFT, PERIOD_SHIFT, cell_number
from pipeline.cells.dictionaries import Dictionaries
from pipeline.cells.key import FORM_CELL
from pipeline.cells.numbers import MOST_DIGITS, NOT_FINITE_TEXT, number_of, significant_digits
from pipeline.transform.rules import reasons

OPTIONS_JOINT = "+"
REJECT_COLUMNS = (
    "rule_id",
    "reason",
    "program_indicator",
    "category_options",
    "period",
    "org_unit",
    "value",
)


@dataclass(frozen=True)
class Lookups:
    """Everything a row is looked up in, each entry with its number.

    `sources`: program_indicator, category_options, source, form_cell (null when the target
    lacks it), rule_id of that lack, rule. `periods`: period, period_number. `org_units`:
    org_unit (of the source), source_org_unit (number), target_org_unit (number or null), rule_id.
    """

    sources: pl.DataFrame
    periods: pl.DataFrame
    org_units: pl.DataFrame


class Mapped(NamedTuple):
    """What became of the rows: every one is in exactly one of the two frames.

    `accepted`: row (UInt64: which count, period and source org unit), cell, value.
    `rejects`: REJECT_COLUMNS, all text. `doubtful`: cell; a row for it is among the rejects.
    """

    accepted: pl.DataFrame
    rejects: pl.DataFrame
    doubtful: pl.DataFrame


def make_lookups(
    mapping: pl.DataFrame,
    org_units: pl.DataFrame,
    periods: Sequence[str],
    dictionaries: Dictionaries,
    *,
    known_elements: pl.Series,
    known_combos: pl.Series,
) -> Lookups:
    """Make the lookup of a run: its mapping, the periods asked, the org units of the source.

    `mapping` is the checked table with every option combo written out; `org_units` has
    org_unit, target_org_unit (null: none) and rule_id (null, or why there is none).
    """
    sources = (
        mapping.join(
            dictionaries.form_cells.rename({"id": "form_cell"}),
            on=list(FORM_CELL),
            how="left",
            validate="m:1",
            maintain_order="left",
        )
        .with_row_index("source")
        .with_columns(
            pl.col("source").cast(pl.UInt64),
            rule_id=pl.when(~pl.col("data_element").is_in(known_elements.implode()))
            .then(pl.lit(reasons.ELEMENT_IN_NO_DATA_SET.rule_id))
            .when(
                ~pl.col("category_option_combo").is_in(known_combos.implode())
                | ~pl.col("attribute_option_combo").is_in(known_combos.implode())
            )
            .then(pl.lit(reasons.NO_SUCH_COMBO.rule_id)),
        )
        .select("program_indicator", "category_options", "source", "form_cell", "rule_id", "rule")
    )
    numbered_org_units = (
        org_units.join(
            dictionaries.org_units.select(target_org_unit="org_unit", target="id"),
            on="target_org_unit",
            how="left",
            validate="m:1",
            maintain_order="left",
        )
        .with_row_index("source_org_unit")
        .select(
            "org_unit",
            pl.col("source_org_unit").cast(pl.UInt64),
            target_org_unit="target",
            org_unit_rule="rule_id",
        )
    )
    asked = dictionaries.periods.filter(pl.col("period").is_in(list(periods)))
    return Lookups(sources, asked.select("period", period_number="id"), numbered_org_units)


def map_rows(rows: pl.DataFrame, categories: Sequence[str], lookups: Lookups) -> Mapped:
    """Find the cell that each analytics row fills.

    `rows` has program_indicator, one column for each of `categories`, period, org_unit and value,
    all text. A row that finds no cell is not an error here: it comes back in `rejects`, so
    `rows.height == accepted.height + rejects.height`.
    """
    joined = (
        _with_sources(rows, categories, lookups)
        .join(lookups.periods, on="period", how="left", validate="m:1", maintain_order="left")
        .join(lookups.org_units, on="org_unit", how="left", validate="m:1", maintain_order="left")
        .with_columns(number=number_of(pl.col("value")))
        .with_columns(rule_id=_first_broken_rule(lookups))
    )
    accepted = joined.filter(pl.col("rule_id").is_null()).select(
        cell_number(pl.col("period_number"), pl.col("source"), pl.col("source_org_unit")).alias(
            "row"
        ),
        cell_number(pl.col("period_number"), pl.col("form_cell"), pl.col("target_org_unit")),
        value="number",
    )
    options = [pl.col(category) for category in categories]
    refused = joined.filter(pl.col("rule_id").is_not_null())
    doubtful = refused.select(
        cell_number(pl.col("period_number"), pl.col("form_cell"), pl.col("target_org_unit"))
    )
    rejects = refused.select(
        "rule_id",
        "program_indicator",
        "period",
        "org_unit",
        "value",
        category_options=pl.concat_list(options).list.sort().list.join(OPTIONS_JOINT)
        if options
        else pl.lit(""),
    )
    return Mapped(accepted, with_reasons(rejects), doubtful.drop_nulls().unique().sort("cell"))


def _with_sources(rows: pl.DataFrame, categories: Sequence[str], lookups: Lookups) -> pl.DataFrame:
    sources = lookups.sources.rename({"rule_id": "target_rule"})
    if not categories:
        plain = sources.filter(pl.col("category_options") == "").drop("category_options", "rule")
        return rows.join(
            plain, on="program_indicator", how="left", validate="m:1", maintain_order="left"
        )
    combinations = rows.select("program_indicator", *categories).unique(maintain_order=True)
    named = (
        combinations.with_columns(
            category_options=pl.concat_list(categories).list.sort().list.join(OPTIONS_JOINT)
        )
        .join(
            sources.drop("rule"),
            on=["program_indicator", "category_options"],
            how="left",
            validate="m:1",
            maintain_order="left",
        )
        .drop("category_options")
    )
    return rows.join(
        named,
        on=["program_indicator", *categories],
        how="left",
        validate="m:1",
        maintain_order="left",
    )


def _first_broken_rule(lookups: Lookups) -> pl.Expr:
    mapped = pl.col("program_indicator").is_in(lookups.sources["program_indicator"].implode())
    checks = (
        (~mapped, reasons.UNMAPPED_INDICATOR),
        (pl.col("source").is_null(), reasons.UNMAPPED_OPTIONS),
        (pl.col("source_org_unit").is_null(), reasons.OUT_OF_SCOPE),
        (pl.col("period_number").is_null(), reasons.STRANGE_PERIOD),
        (pl.col("value").str.contains(NOT_FINITE_TEXT), reasons.NOT_FINITE),
        (pl.col("number").is_null(), reasons.VALUE_NOT_A_NUMBER),
        (~pl.col("number").is_finite(), reasons.NOT_FINITE),
        (significant_digits(pl.col("value")) > MOST_DIGITS, reasons.TOO_PRECISE),
    )
    spoken = pl.lit(None, pl.String)
    for broken, rule in reversed(checks):
        spoken = pl.when(broken).then(pl.lit(rule.rule_id)).otherwise(spoken)
    return (
        pl.when(pl.col("target_rule").is_not_null())
        .then(pl.col("target_rule"))
        .when(pl.col("org_unit_rule").is_not_null())
        .then(pl.col("org_unit_rule"))
        .otherwise(spoken)
    )


def with_reasons(rejects: pl.DataFrame) -> pl.DataFrame:
    """Add the sentence of each `rule_id`, and put the columns in their order."""
    sentence = pl.col("rule_id").replace_strict(reasons.REJECT_SENTENCES, return_dtype=pl.String)
    return rejects.with_columns(reason=sentence).select(REJECT_COLUMNS)


def decode_rows(rows: pl.DataFrame, lookups: Lookups) -> pl.DataFrame:
    """Tell again which count, period and org unit a `row` number was, with `rule_id`, `value`."""
    row = pl.col("row")
    return (
        rows.with_columns(
            period_number=row // pl.lit(PERIOD_SHIFT, pl.UInt64),
            source=(row // pl.lit(FORM_CELL_SHIFT, pl.UInt64)) & pl.lit(2**20 - 1, pl.UInt64),
            source_org_unit=row & pl.lit(FORM_CELL_SHIFT - 1, pl.UInt64),
        )
        .join(lookups.periods, on="period_number", how="left", validate="m:1")
        .join(
            lookups.sources.select("source", "program_indicator", "category_options"),
            on="source",
            how="left",
            validate="m:1",
        )
        .join(
            lookups.org_units.select("source_org_unit", "org_unit"),
            on="source_org_unit",
            how="left",
            validate="m:1",
        )
    )
