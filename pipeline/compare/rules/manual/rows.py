"""Make manual numbers of the rows of a file, and a finding of each that is none."""

from typing import NamedTuple

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.key import KEY
from pipeline.cells.numbers import fits_type
from pipeline.cells.written_periods import read_periods
from pipeline.compare.rules.links import MANUAL_CELL, Links, of_manual
from pipeline.compare.rules.manual import reasons as rules
from pipeline.compare.rules.manual.copies import copied_reports, other_years
from pipeline.compare.rules.manual.findings import (
    finding_of_all,
    finding_per_row,
    finding_per_text,
    with_sentences,
)
from pipeline.compare.rules.manual.meanings import (
    combos_as_linked,
    meanings_of_elements,
    meanings_of_units,
)
from pipeline.compare.rules.manual.numbers import AMBIGUOUS, BLANK, read_numbers
from pipeline.text.rule import Rule
from schemas.comparison import ManualFindings, ManualRows
from schemas.frames import trusted
from schemas.values import CellKeys, Values

TOTAL_WORDS = (
    *("total", "totals", "grand total", "subtotal", "sub-total", "sum", "all"),
    *("totaux", "total général", "ensemble", "somme", "total geral", "soma", "total general"),
)


class ManualScope(NamedTuple):
    """What a run asked, in the target's terms, and what is known there.

    `org_units` has id, code and name; `value_types` has data_element and value_type.
    """

    period_type: str
    periods: list[str]
    asked_org_units: list[str]
    org_units: pl.DataFrame
    value_types: pl.DataFrame


class ManualSide(NamedTuple):
    """What paper says.

    `numbers`: the key of the compared cell and `value`, one row per manual number.
    `doubtful`: the key of cells of which something stands on paper, but not clearly what.
    `findings`: as the overview has them.
    """

    numbers: DataFrame[Values]
    doubtful: DataFrame[CellKeys]
    findings: DataFrame[ManualFindings]


def judge_rows(
    rows: DataFrame[ManualRows], links: Links, asked: ManualScope, source: str
) -> ManualSide:
    """Every row as a number of a cell, or as a finding of the rule that it breaks.

    `number` is null where `written` has still to be read. What is not asked or not named is one
    finding, with the first line and how often it comes.
    """
    read = _with_meanings(rows.with_row_index("row"), links, asked)
    apart = _apart(read, asked)
    placeable = apart.filter(pl.col("rule_id").is_null())
    placed = of_manual(placeable, links)
    unlinked = placeable.join(placed, on="row", how="anti").with_columns(
        rule_id=pl.lit(rules.UNLISTED_COMBO.rule_id)
    )
    judged = _judged(placed, asked)
    unclear = judged.filter(pl.col("rule_id").is_in(rules.DOUBTFUL_RULE_IDS)).select(KEY)
    doubtful = pl.concat([unclear, _maybe(apart, links, asked)]).unique().sort(KEY)
    whole = judged.filter(pl.col("rule_id").is_null())
    numbers = whole.join(doubtful, on=list(KEY), how="anti").select(*KEY, value="number")
    return ManualSide(
        trusted(numbers.sort(pl.all()), Values),
        trusted(doubtful, CellKeys),
        with_sentences(
            [
                finding_per_row(judged, *_ONE_BY_ONE),
                finding_of_all(judged, rules.EMPTY, "unit_in_words"),
                finding_per_row(apart, rules.TOTAL_ROW),
                *(finding_per_text(apart, rule, column) for rule, column in _TOGETHER),
                *(finding_of_all(apart, rule, column) for rule, column in _OUTSIDE),
                *(_read_as(placeable, kind) for kind in ("element", "unit")),
                finding_per_text(unlinked, rules.UNLISTED_COMBO, "manual_combo"),
                finding_per_row(copied_reports(judged), rules.COPIED_PERIOD, rules.COPIED_SITE),
                finding_per_row(other_years(read), rules.OTHER_YEAR),
            ],
            source,
        ),
    )


_ONE_BY_ONE = (
    *(rules.UNREADABLE_NUMBER, rules.AMBIGUOUS_NUMBER, rules.NUMBER_OF_WRONG_TYPE),
    *(rules.DIFFERENT_TWICE, rules.SAME_TWICE),
)
_TOGETHER = (
    (rules.UNLISTED_ELEMENT, "element_told"),
    (rules.AMBIGUOUS_ELEMENT, "element_told"),
    (rules.UNMATCHED_ORG_UNIT, "unit_told"),
    (rules.AMBIGUOUS_ORG_UNIT, "unit_told"),
    (rules.ROUNDED_CODE, "rounded_told"),
    (rules.UNREADABLE_PERIOD, "written_period"),
)
_UNCLEAR = [
    rule.rule_id
    for rule in (
        *(rules.UNLISTED_ELEMENT, rules.AMBIGUOUS_ELEMENT, rules.ROUNDED_CODE),
        *(rules.UNMATCHED_ORG_UNIT, rules.AMBIGUOUS_ORG_UNIT),
    )
]
_OUTSIDE = ((rules.OUTSIDE_ORG_UNITS, "unit_in_words"), (rules.OUTSIDE_PERIODS, "written_period"))


def _with_meanings(rows: pl.DataFrame, links: Links, asked: ManualScope) -> pl.DataFrame:
    """Add what the texts of a row mean, each distinct text read once, and the rules they break."""
    return (
        rows.join(_periods(rows, asked), on="written_period", how="left", validate="m:1")
        .join(
            meanings_of_units(_distinct(rows, "written_unit"), asked.org_units),
            on="written_unit",
            how="left",
            validate="m:1",
        )
        .join(
            meanings_of_elements(
                _distinct(rows, "manual_data_element"), links.manual["manual_data_element"]
            ),
            on="manual_data_element",
            how="left",
            validate="m:1",
        )
        .with_columns(
            pl.coalesce("element", "manual_data_element").alias("manual_data_element"),
            *(
                pl.col(name).replace(combos_as_linked(_distinct(rows, name), links.manual[name]))
                for name in MANUAL_CELL[1:]
            ),
        )
        .join(_numbers(rows), on="written", how="left", validate="m:1")
        .sort("row")
        .with_columns(
            number=pl.coalesce("number", "_number"),
            number_rule=pl.when(pl.col("number").is_null()).then("number_rule"),
            manual_combo=pl.concat_str(MANUAL_CELL, separator=" / ", ignore_nulls=True),
        )
    )


def _distinct(rows: pl.DataFrame, column: str) -> list[str]:
    return rows[column].drop_nulls().unique().sort().to_list()


def _periods(rows: pl.DataFrame, asked: ManualScope) -> pl.DataFrame:
    written = _distinct(rows, "written_period")
    known = set(asked.periods)
    read = read_periods((text for text in written if text not in known), asked.period_type)
    return pl.DataFrame(
        {
            "written_period": written,
            "period": [text if text in known else read.get(text) for text in written],
        },
        schema={"written_period": pl.String, "period": pl.String},
    )


def _maybe(apart: pl.DataFrame, links: Links, asked: ManualScope) -> pl.DataFrame:
    """The compared cells (the key) that rows with an unclear element or org unit may be about."""
    unclear = apart.filter(pl.col("rule_id").is_in(_UNCLEAR))
    elements = pl.when(pl.col("element").is_null()).then("element_maybe")
    units = pl.when(pl.col("org_unit").is_null()).then("unit_maybe")
    each = (
        unclear.with_columns(
            manual_data_element=elements.otherwise(pl.concat_list("manual_data_element")),
            org_unit=units.otherwise(pl.concat_list("org_unit")),
        )
        .explode("manual_data_element")
        .explode("org_unit")
        .filter(
            pl.col("org_unit").is_in(asked.asked_org_units), pl.col("period").is_in(asked.periods)
        )
    )
    return of_manual(each, links).select(KEY)


def _read_as(rows: pl.DataFrame, kind: str) -> pl.DataFrame:
    """What was read as another code, of elements or org units."""
    changed = rows.with_columns(rule_id=pl.col(f"{kind}_rule"))
    return finding_per_text(changed, rules.READ_AS_CODE, f"{kind}_told")


def _numbers(rows: pl.DataFrame) -> pl.DataFrame:
    texts = _distinct(rows.filter(pl.col("number").is_null()), "written")
    return pl.DataFrame(
        [(text, one.number, _number_rule(one.doubt)) for text, one in read_numbers(texts).items()],
        schema={"written": pl.String, "_number": pl.Float64, "number_rule": pl.String},
        orient="row",
    )


def _number_rule(doubt: str) -> str | None:
    if not doubt:
        return None
    rules_of = {BLANK: rules.EMPTY, AMBIGUOUS: rules.AMBIGUOUS_NUMBER}
    return rules_of.get(doubt, rules.UNREADABLE_NUMBER).rule_id


def _apart(read: pl.DataFrame, asked: ManualScope) -> pl.DataFrame:
    """Add `rule_id` to rows that are of no cell of this comparison."""
    keys = pl.col("manual_data_element", "written_unit", "written_period")
    is_total = pl.any_horizontal(keys.str.strip_chars(" :.").str.to_lowercase().is_in(TOTAL_WORDS))
    element_unclear = pl.col("element").is_null() & (pl.col("element_maybe").list.len() > 0)
    element, unit = pl.col("element_rule"), pl.col("unit_rule")
    chosen = [
        (is_total & pl.col("org_unit").is_null(), rules.TOTAL_ROW),
        (element_unclear & (element == rules.ROUNDED_CODE.rule_id), rules.ROUNDED_CODE),
        (element == rules.AMBIGUOUS_ELEMENT.rule_id, rules.AMBIGUOUS_ELEMENT),
        (pl.col("element").is_null(), rules.UNLISTED_ELEMENT),
        (unit == rules.UNMATCHED_ORG_UNIT.rule_id, rules.UNMATCHED_ORG_UNIT),
        (unit == rules.AMBIGUOUS_ORG_UNIT.rule_id, rules.AMBIGUOUS_ORG_UNIT),
        (unit == rules.ROUNDED_CODE.rule_id, rules.ROUNDED_CODE),
        (pl.col("period").is_null(), rules.UNREADABLE_PERIOD),
        (~pl.col("org_unit").is_in(asked.asked_org_units), rules.OUTSIDE_ORG_UNITS),
        (~pl.col("period").is_in(asked.periods), rules.OUTSIDE_PERIODS),
    ]
    rounded = pl.when(element == rules.ROUNDED_CODE.rule_id).then("element_told")
    return read.with_columns(
        rule_id=_first(chosen), rounded_told=rounded.otherwise(pl.col("unit_told"))
    )


def _judged(placed: pl.DataFrame, asked: ManualScope) -> pl.DataFrame:
    """Add `rule_id` to rows of compared cells that give no number, or give it again."""
    typed = placed.join(asked.value_types, on="data_element", how="left", validate="m:1").sort(
        "row"
    )
    misfit = ~fits_type(pl.col("number"), pl.col("value_type")) & (pl.col("value_type") != "")
    alone = ["manual_combo", "period", "org_unit"]
    sound = pl.when(pl.col("number_rule").is_null() & ~misfit.fill_null(value=False)).then("number")
    numbers = sound.drop_nulls().n_unique().over(alone)
    chosen = [
        (misfit, rules.NUMBER_OF_WRONG_TYPE),
        (sound.is_not_null() & (numbers > 1), rules.DIFFERENT_TWICE),
        (sound.is_not_null() & (sound.is_not_null().cum_sum().over(alone) > 1), rules.SAME_TWICE),
    ]
    return typed.with_columns(rule_id=pl.coalesce("number_rule", _first(chosen)))


def _first(chosen: list[tuple[pl.Expr, Rule]]) -> pl.Expr:
    """The id of the first rule whose condition holds, or null."""
    return pl.coalesce(
        pl.when(broken.fill_null(value=False)).then(pl.lit(rule.rule_id)) for broken, rule in chosen
    )
