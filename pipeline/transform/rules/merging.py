"""Several counts may fill one cell; afterwards a cell has one number or none at all."""

from typing import NamedTuple

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.bits import form_cell_number, org_unit_number
from pipeline.cells.numbers import DECIMALS, canonical_text, fits_limits, with_limits
from pipeline.transform.rules import reasons
from pipeline.transform.rules.lookups import Lookups, decode_rows
from pipeline.transform.rules.mapping import with_reasons
from schemas.frames import trusted
from schemas.values import AcceptedRows, PackedCells, PackedValues, Rejects

NOWHERE = pl.Series("form_cell", [], pl.UInt64)


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
    not_added: pl.Series = NOWHERE,
) -> Merged:
    """Make one number of all rows of a cell, by the mapping's rule.

    `value_types` has form_cell and value_type. `not_added`: the form cells whose numbers of
    several org units are not to be added up. A cell of which one row is rejected, here or
    before (`doubtful`), gives no value: all its rows are rejects, because a part of a sum
    is a wrong number.
    """
    judged = _judged(accepted, doubtful)
    cell_rules = lookups.sources.select("form_cell", "rule").drop_nulls().unique("form_cell")
    single = judged.filter(~pl.col("shared") & pl.col("rule_id").is_null()).select("cell", "value")
    shared = judged.filter("shared")
    merged = single
    if not shared.is_empty():
        merged = pl.concat([single, _combined(shared, cell_rules, not_added)])
    values, misfits = _fitting(merged.sort("cell"), value_types)
    lost = judged.clear()
    if values.height < judged.height:
        lost = judged.join(values, on="cell", how="anti")
    lost = lost.with_columns(rule_id=_reason(misfits, not_added))
    in_words = decode_rows(lost, lookups).with_columns(value=canonical_text(pl.col("value")))
    all_doubtful = pl.concat([doubtful, lost.select("cell")]).unique().sort("cell")
    return Merged(
        trusted(values, PackedValues), with_reasons(in_words), trusted(all_doubtful, PackedCells)
    )


def _fitting(merged: pl.DataFrame, value_types: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
    """The values that their data element may hold, and the cells of all others."""
    placed = merged.with_columns(form_cell=form_cell_number(pl.col("cell")))
    limits = with_limits(value_types).drop("value_type")
    typed = placed.join(limits, on="form_cell", how="left", validate="m:1", maintain_order="left")
    fits = typed.select(fits_limits(pl.col("value"))).to_series()
    return merged.filter(fits), merged.filter(~fits)["cell"]


def _judged(accepted: pl.DataFrame, doubtful: pl.DataFrame) -> pl.DataFrame:
    """Rows by their cells, with shared (others have the same) and rule_id (why it is refused)."""
    in_order = accepted.sort("cell")
    shared = _is_repeated(in_order["cell"])
    if shared.any():  # a sum does not depend on who answered first
        in_order = accepted.sort("cell", "value")
    rows = accepted["row"].sort()
    doubled = (
        pl.col("row").is_duplicated() if (rows == rows.shift(1)).any() else pl.lit(value=False)
    )
    incomplete = pl.col("cell").is_in(doubtful["cell"].implode())
    rule_id = (
        pl.when(doubled)
        .then(pl.lit(reasons.DOUBLED.rule_id))
        .when(incomplete)
        .then(pl.lit(reasons.INCOMPLETE.rule_id))
    )
    return in_order.with_columns(shared.alias("shared"), rule_id=rule_id.cast(pl.String))


def _is_repeated(in_order: pl.Series) -> pl.Series:
    """Whether a number of a sorted list stands beside itself."""
    like_before = in_order.eq_missing(in_order.shift(1))
    like_after = in_order.eq_missing(in_order.shift(-1))
    return like_before | like_after


def _combined(shared: pl.DataFrame, cell_rules: pl.DataFrame, not_added: pl.Series) -> pl.DataFrame:
    """One number of each cell with several rows: within an org unit by the rule, then added up.

    The rule is about counts; org units of the source are on one cell only to be merged.
    """
    groups = (
        shared.with_columns(
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
        .agg(
            known.all().alias("known"),
            (pl.len() > 1).alias("several"),
            pl.col("form_cell").first(),
            pl.col("value").sum().round(DECIMALS),
        )
        .filter("known", ~(pl.col("several") & pl.col("form_cell").is_in(not_added.implode())))
        .select("cell", "value")
    )


def _reason(misfits: pl.Series, not_added: pl.Series) -> pl.Expr:
    several = org_unit_number(pl.col("row")).n_unique().over("cell") > 1
    form_cell = form_cell_number(pl.col("cell"))
    doubled_in_cell = (pl.col("rule_id").is_not_null()).any().over("cell")
    return pl.coalesce(
        pl.col("rule_id"),
        pl.when(pl.col("cell").is_in(misfits.implode())).then(
            pl.lit(reasons.VALUE_OF_WRONG_TYPE.rule_id)
        ),
        pl.when(doubled_in_cell).then(pl.lit(reasons.INCOMPLETE.rule_id)),
        pl.when(several & form_cell.is_in(not_added.implode())).then(
            pl.lit(reasons.NOT_ADDED_UP.rule_id)
        ),
        pl.lit(reasons.NO_RULE.rule_id),
    )
