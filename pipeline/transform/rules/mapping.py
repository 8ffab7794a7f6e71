"""Turn analytics rows into cells of the target's forms, or hand them back with a reason."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.bits import cell_number
from pipeline.cells.numbers import MOST_DIGITS, NOT_FINITE_TEXT, number_of, significant_digits
from pipeline.transform.rules import reasons
from pipeline.transform.rules.lookups import Lookups
from schemas.frames import columns, empty, trusted
from schemas.values import AcceptedRows, AnalyticsRows, PackedCells, Rejects

OPTIONS_JOINT = "+"


class Mapped(NamedTuple):
    """What became of the rows: every one is in exactly one of the first two frames.

    `doubtful`: the cells that have a row among the rejects.
    """

    accepted: DataFrame[AcceptedRows]
    rejects: DataFrame[Rejects]
    doubtful: DataFrame[PackedCells]


def together(parts: Iterable[Mapped]) -> Mapped:
    """What became of the rows of several answers."""
    nothing = Mapped(empty(AcceptedRows), empty(Rejects), empty(PackedCells))
    accepted, rejects, doubtful = (
        pl.concat(frames, rechunk=True) for frames in zip(nothing, *parts, strict=True)
    )
    return Mapped(
        trusted(accepted, AcceptedRows),
        trusted(rejects, Rejects),
        trusted(doubtful.unique(), PackedCells),
    )


def map_rows(rows: DataFrame[AnalyticsRows], categories: Sequence[str], lookups: Lookups) -> Mapped:
    """Find the cell that each analytics row fills.

    `rows` has a column for each of `categories`. A row that finds no cell is not an error here: it
    comes back in `rejects`. So each row is accepted or rejected, once for each cell that it fills.
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
    return Mapped(
        trusted(accepted, AcceptedRows),
        with_reasons(rejects),
        trusted(doubtful.drop_nulls().unique().sort("cell"), PackedCells),
    )


def _with_sources(
    rows: DataFrame[AnalyticsRows], categories: Sequence[str], lookups: Lookups
) -> pl.DataFrame:
    """The rows beside the mapping's: a row whose count fills several cells comes once for each."""
    sources = lookups.sources.rename({"rule_id": "target_rule"})
    if not categories:
        plain = sources.filter(pl.col("category_options") == "").drop("category_options", "rule")
        return rows.join(
            plain, on="program_indicator", how="left", validate="m:m", maintain_order="left"
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
            validate="m:m",
            maintain_order="left",
        )
        .drop("category_options")
    )
    return rows.join(
        named,
        on=["program_indicator", *categories],
        how="left",
        validate="m:m",
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
    first = pl.lit(None, pl.String)
    for broken, rule in reversed(checks):
        first = pl.when(broken).then(pl.lit(rule.rule_id)).otherwise(first)
    return (
        pl.when(pl.col("target_rule").is_not_null())
        .then(pl.col("target_rule"))
        .when(pl.col("org_unit_rule").is_not_null())
        .then(pl.col("org_unit_rule"))
        .otherwise(first)
    )


def with_reasons(rejects: pl.DataFrame) -> DataFrame[Rejects]:
    """The columns of a reject, with the sentence of each `rule_id`."""
    sentence = pl.col("rule_id").replace_strict(reasons.REJECT_SENTENCES, return_dtype=pl.String)
    return trusted(rejects.with_columns(reason=sentence).select(columns(Rejects)), Rejects)
