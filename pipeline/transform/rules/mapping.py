"""Turn analytics rows into cells of the target's forms, or hand them back with a reason."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.bits import cell_number
from pipeline.cells.joining import code_of, looked_up
from pipeline.cells.numbers import MOST_DIGITS, NOT_FINITE_TEXT, number_of, significant_digits
from pipeline.text.rule import Rule
from pipeline.transform.rules import reasons
from pipeline.transform.rules.lookups import Lookups
from schemas.frames import columns, empty, trusted
from schemas.values import AcceptedRows, AnalyticsRows, PackedCells, Rejects

OPTIONS_JOINT = "+"
_PLACES = ("source", "source_org_unit", "period_number", "number")
_RULES = ("target_rule", "org_unit_rule", "value_rule")


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
    placed = _with_sources(rows, categories, lookups)
    joined = placed.hstack(looked_up(placed["period"], lookups.periods, "period"))
    joined = joined.hstack(looked_up(placed["org_unit"], lookups.org_units, "org_unit"))
    joined = joined.hstack(_numbers(placed["value"]))
    fits = pl.all_horizontal(pl.col(_PLACES).is_not_null(), pl.col(_RULES).is_null())
    good = joined.select(fits).to_series()
    accepted = joined.filter(good).select(
        cell_number(pl.col("period_number"), pl.col("source"), pl.col("source_org_unit")).alias(
            "row"
        ),
        cell_number(pl.col("period_number"), pl.col("form_cell"), pl.col("target_org_unit")),
        value="number",
    )
    options = [pl.col(category) for category in categories]
    refused = joined.filter(~good).with_columns(rule_id=_first_broken_rule(lookups))
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
    sources = lookups.sources.rename({"rule_id": "target_rule"}).drop("rule")
    if not categories:
        plain = sources.filter(pl.col("category_options") == "").drop("category_options")
        if not plain["program_indicator"].is_duplicated().any():
            return rows.hstack(looked_up(rows["program_indicator"], plain, "program_indicator"))
        return rows.join(
            plain, on="program_indicator", how="left", validate="m:m", maintain_order="left"
        )
    coded = rows.with_columns(code_of(rows.select("program_indicator", *categories)))
    named = (
        coded.select("code", "program_indicator", *categories)
        .unique("code", maintain_order=True)
        .with_columns(
            category_options=pl.concat_list(categories).list.sort().list.join(OPTIONS_JOINT)
        )
        .join(
            sources,
            on=["program_indicator", "category_options"],
            how="left",
            validate="m:m",
            maintain_order="left",
        )
        .drop("program_indicator", *categories, "category_options")
    )
    return coded.join(named, on="code", how="left", validate="m:m", maintain_order="left").drop(
        "code"
    )


def _numbers(texts: pl.Series) -> pl.DataFrame:
    """The number of each text, and the rule that it breaks by itself: number, value_rule.

    Counts are small, so that a million rows have some thousand texts; each is read once.
    """
    checks = (
        (pl.col("value").str.contains(NOT_FINITE_TEXT), reasons.NOT_FINITE),
        (pl.col("number").is_null(), reasons.VALUE_NOT_A_NUMBER),
        (~pl.col("number").is_finite(), reasons.NOT_FINITE),
        (significant_digits(pl.col("value")) > MOST_DIGITS, reasons.TOO_PRECISE),
    )
    known = texts.unique().to_frame("value").with_columns(number=number_of(pl.col("value")))
    return looked_up(texts, known.with_columns(value_rule=_first(checks)), "value")


def _first(checks: Iterable[tuple[pl.Expr, Rule]]) -> pl.Expr:
    """The id of the first rule that is broken; null where none is."""
    first = pl.lit(None, pl.String)
    for broken, rule in reversed([*checks]):
        first = pl.when(broken).then(pl.lit(rule.rule_id)).otherwise(first)
    return first


def _first_broken_rule(lookups: Lookups) -> pl.Expr:
    mapped = pl.col("program_indicator").is_in(lookups.sources["program_indicator"].implode())
    place = _first(
        (
            (~mapped, reasons.UNMAPPED_INDICATOR),
            (pl.col("source").is_null(), reasons.UNMAPPED_OPTIONS),
            (pl.col("source_org_unit").is_null(), reasons.OUT_OF_SCOPE),
            (pl.col("period_number").is_null(), reasons.STRANGE_PERIOD),
        )
    )
    return pl.coalesce("target_rule", "org_unit_rule", place, "value_rule")


def with_reasons(rejects: pl.DataFrame) -> DataFrame[Rejects]:
    """The columns of a reject, with the sentence of each `rule_id`."""
    sentence = pl.col("rule_id").replace_strict(reasons.REJECT_SENTENCES, return_dtype=pl.String)
    return trusted(rejects.with_columns(reason=sentence).select(columns(Rejects)), Rejects)
