"""Several counts may fill one cell; afterwards a cell has one number or none at all."""

from typing import NamedTuple

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.bits import form_cell_number, org_unit_number
from pipeline.cells.numbers import DECIMALS, canonical_text, fits_type
from pipeline.transform.rules import reasons
from pipeline.transform.rules.lookups import Lookups, decode_rows
from pipeline.transform.rules.mapping import with_reasons
from schemas.frames import trusted
from schemas.values import AcceptedRows, PackedCells, PackedValues, Rejects


class Merged(NamedTuple):
    """One number per cell, and what could not be merged.

    `rejects`: rows handed back, in words. `doubtful`: cells of which a row was rejected, here or
    before, so that their number is not known, sorted.
    """

    values: DataFrame[PackedValues]
    rejects: DataFrame[Rejects]
    doubtful: DataFrame[PackedCells]


def merge_rows(
    accepted: DataFrame[AcceptedRows],
    doubtful: DataFrame[PackedCells],
    lookups: Lookups,
    value_types: pl.DataFrame,
) -> Merged:
    """Make one number of all rows of a cell, by the mapping's rule.

    `value_types` has form_cell and value_type. A cell of which one row is rejected, here or
    before (`doubtful`), gives no value: all its rows are rejects, because a part of a sum
    is a wrong number.
    """
    judged = _judged(accepted.sort("cell", "value"), doubtful)
    cell_rules = lookups.sources.select("form_cell", "rule").drop_nulls().unique("form_cell")
    single = judged.filter(~pl.col("shared") & pl.col("rule_id").is_null()).select("cell", "value")
    merged = pl.concat([single, _combined(judged, cell_rules)]).sort("cell")
    typed = merged.with_columns(form_cell=form_cell_number(pl.col("cell"))).join(
        value_types, on="form_cell", how="left", validate="m:1", maintain_order="left"
    )
    misfits = typed.filter(~fits_type(pl.col("value"), pl.col("value_type")).fill_null(value=False))
    values = merged.join(misfits, on="cell", how="anti", maintain_order="left")
    lost = judged.join(values, on="cell", how="anti").with_columns(rule_id=_reason(misfits["cell"]))
    in_words = decode_rows(lost, lookups).with_columns(value=canonical_text(pl.col("value")))
    all_doubtful = pl.concat([doubtful, lost.select("cell")]).unique().sort("cell")
    return Merged(
        trusted(values, PackedValues), with_reasons(in_words), trusted(all_doubtful, PackedCells)
    )


def _judged(accepted: pl.DataFrame, doubtful: pl.DataFrame) -> pl.DataFrame:
    shared = (
        pl.col("cell").is_duplicated()
        if accepted["cell"].n_unique() < accepted.height
        else pl.lit(value=False)
    )
    doubled = (
        pl.col("row").is_duplicated()
        if accepted["row"].n_unique() < accepted.height
        else pl.lit(value=False)
    )
    incomplete = pl.col("cell").is_in(doubtful["cell"].implode())
    rule_id = (
        pl.when(doubled)
        .then(pl.lit(reasons.DOUBLED.rule_id))
        .when(incomplete)
        .then(pl.lit(reasons.INCOMPLETE.rule_id))
    )
    return accepted.with_columns(shared=shared, rule_id=rule_id.cast(pl.String))


def _combined(judged: pl.DataFrame, cell_rules: pl.DataFrame) -> pl.DataFrame:
    """One number of each cell with several rows: within an org unit by the rule, then added up.

    The rule is about counts; org units of the source are on one cell only to be merged.
    """
    groups = (
        judged.filter("shared")
        .with_columns(
            form_cell=form_cell_number(pl.col("cell")), place=org_unit_number(pl.col("row"))
        )
        .group_by("cell", "form_cell", "place", maintain_order=True)
        .agg(
            pl.len().alias("counts"),
            pl.col("rule_id").is_null().all().alias("whole"),
            pl.col("value").sum().round(DECIMALS).alias("sum"),
            pl.col("value").max().alias("max"),
            pl.col("value").min().alias("min"),
        )
        .join(cell_rules, on="form_cell", how="left", validate="m:1", maintain_order="left")
    )
    rule = pl.col("rule")
    value = (
        pl.when((rule == "sum") | (pl.col("counts") == 1))
        .then(pl.col("sum"))
        .when(rule == "max")
        .then(pl.col("max"))
        .when(rule == "min")
        .then(pl.col("min"))
    )
    known = pl.col("whole") & pl.col("value").is_not_null()
    return (
        groups.with_columns(value=value)
        .group_by("cell", maintain_order=True)
        .agg(known.all().alias("known"), pl.col("value").sum().round(DECIMALS))
        .filter("known")
        .select("cell", "value")
    )


def _reason(misfits: pl.Series) -> pl.Expr:
    doubled_in_cell = (pl.col("rule_id").is_not_null()).any().over("cell")
    return pl.coalesce(
        pl.col("rule_id"),
        pl.when(pl.col("cell").is_in(misfits.implode())).then(
            pl.lit(reasons.VALUE_OF_WRONG_TYPE.rule_id)
        ),
        pl.when(doubled_in_cell).then(pl.lit(reasons.INCOMPLETE.rule_id)),
        pl.lit(reasons.NO_RULE.rule_id),
    )
