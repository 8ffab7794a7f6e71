"""What every row is looked up in: the counts of the mapping, the periods asked, the org units."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.bits import form_cell_number, org_unit_number, period_number
from pipeline.cells.dictionaries import Dictionaries
from pipeline.cells.key import FORM_CELL
from pipeline.transform.rules import reasons
from schemas.mapping import DataElementMapping


@dataclass(frozen=True)
class Lookups:
    """Everything a row is looked up in, each entry with its number.

    `sources`: program_indicator, category_options, source, form_cell (null when the target
    lacks it), rule_id of why it is not used, rule. `periods`: period, period_number. `org_units`:
    org_unit (of the source), source_org_unit (number), target_org_unit (number or null), rule_id.
    """

    sources: pl.DataFrame
    periods: pl.DataFrame
    org_units: pl.DataFrame


def make_lookups(
    mapping: DataFrame[DataElementMapping],
    org_units: pl.DataFrame,
    periods: Sequence[str],
    dictionaries: Dictionaries,
    *,
    known_elements: pl.Series,
    known_combos: pl.Series,
    unknown_indicators: Collection[str] = (),
) -> Lookups:
    """The lookups of a run: its mapping, the periods asked, the org units of the source.

    `mapping` has every option combo written out; `org_units` has org_unit, target_org_unit
    (null: none) and rule_id (null, or why there is none). `known_elements` and `known_combos` are
    the ids that the target has, `unknown_indicators` are those that did not answer whole.
    """
    asked = dictionaries.periods.filter(pl.col("period").is_in(list(periods)))
    return Lookups(
        _sources(
            mapping, dictionaries.form_cells, known_elements, known_combos, unknown_indicators
        ),
        asked.select("period", period_number="id"),
        _org_units(org_units, dictionaries.org_units),
    )


def _sources(
    mapping: DataFrame[DataElementMapping],
    form_cells: pl.DataFrame,
    known_elements: pl.Series,
    known_combos: pl.Series,
    unknown_indicators: Collection[str],
) -> pl.DataFrame:
    knows_combos = pl.all_horizontal(
        pl.col("category_option_combo", "attribute_option_combo").is_in(known_combos.implode())
    )
    return (
        mapping.join(
            form_cells.rename({"id": "form_cell"}),
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
            .when(~knows_combos)
            .then(pl.lit(reasons.NO_SUCH_COMBO.rule_id))
            .when(pl.col("program_indicator").is_in(list(unknown_indicators)))
            .then(pl.lit(reasons.UNKNOWN_INDICATOR.rule_id)),
        )
        .select("program_indicator", "category_options", "source", "form_cell", "rule_id", "rule")
    )


def _org_units(org_units: pl.DataFrame, numbers: pl.DataFrame) -> pl.DataFrame:
    return (
        org_units.join(
            numbers.select(target_org_unit="org_unit", target="id"),
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


def decode_rows(rows: pl.DataFrame, lookups: Lookups) -> pl.DataFrame:
    """`rows` with the program_indicator, category_options, period and org_unit of each `row`."""
    row = pl.col("row")
    return (
        rows.with_columns(
            period_number=period_number(row),
            source=form_cell_number(row),
            source_org_unit=org_unit_number(row),
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
