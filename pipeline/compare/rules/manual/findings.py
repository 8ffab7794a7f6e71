"""Findings of rows that are no numbers: one each where they are few, else together."""

from collections.abc import Sequence

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.compare.rules.manual.reasons import MANUAL_SENTENCES
from pipeline.text.rule import Rule
from pipeline.text.wording import count
from schemas.comparison import ManualFindings
from schemas.frames import empty, trusted

_PLACED = {"rule_id": pl.String, "line": pl.Int64, "observed": pl.String}


MOST_OF_A_KIND = 20  # findings of one rule; more of them are one, with an example


def finding_per_row(rows: pl.DataFrame, *rules: Rule) -> pl.DataFrame:
    """A finding for every row that breaks one of the rules, with what is written there.

    Where many rows break a rule they are one finding.
    """
    return pl.concat([_per_row(rows, rule) for rule in rules])


def _per_row(rows: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    found = rows.filter(pl.col("rule_id") == rule.rule_id)
    if found.height > MOST_OF_A_KIND:
        return finding_of_all(rows, rule, "written")
    return _shaped(found.select("rule_id", "line", observed="written"))


def finding_per_text(rows: pl.DataFrame, rule: Rule, column: str) -> pl.DataFrame:
    """A finding for each text of a column in rows that break a rule, with the first line.

    Where many texts break a rule they are one finding.
    """
    broken = rows.filter(pl.col("rule_id") == rule.rule_id)
    if broken[column].n_unique() > MOST_OF_A_KIND:
        return finding_of_all(rows, rule, column)
    found = rows.filter(pl.col("rule_id") == rule.rule_id).group_by("rule_id", column)
    times = pl.when(pl.col("rows") > 1).then(pl.format(" ({} rows)", "rows")).otherwise(pl.lit(""))
    return _shaped(
        found.agg(pl.col("line").min(), rows=pl.len()).with_columns(
            observed=pl.concat_str(pl.col(column).fill_null(""), times)
        )
    )


def finding_of_all(rows: pl.DataFrame, rule: Rule, column: str) -> pl.DataFrame:
    """One finding for all rows that break a rule, with the first of them."""
    found = rows.filter(pl.col("rule_id") == rule.rule_id).sort("row", "line")
    if found.is_empty():
        return pl.DataFrame(schema=_PLACED)
    first, times = found[column][0] or "", found[column].n_unique()
    others = f" and {count(times - 1, 'other')}" if times > 1 else ""
    observed = f"{first}{others} ({count(found.height, 'row')})"
    return _shaped(found.head(1).select("rule_id", "line", observed=pl.lit(observed)))


def with_sentences(findings: Sequence[pl.DataFrame], source: str) -> DataFrame[ManualFindings]:
    """Put findings together, with their sentence and their source, in the order of lines."""
    found = (
        pl.concat(findings)
        .with_columns(
            sentence=pl.col("rule_id").replace_strict(MANUAL_SENTENCES, return_dtype=pl.String),
            source=pl.lit(source),
        )
        .select(pl.col(name).cast(kind) for name, kind in empty(ManualFindings).schema.items())
        .sort("source", "line", "rule_id", "observed")
    )
    return trusted(found, ManualFindings)


def _shaped(findings: pl.DataFrame) -> pl.DataFrame:
    return findings.select(pl.col(name).cast(kind) for name, kind in _PLACED.items())
