"""The cells that need a person: both numbers, whose they are, and a form for the answers."""

from collections.abc import Mapping

import polars as pl

from pipeline.cells.key import KEY
from pipeline.cells.numbers import canonical_text
from pipeline.report.answers import rows_as_csv
from pipeline.text.escaping import told_apart

ANSWER_COLUMNS = ("decision", "decided_by", "why", "until")
_NAMED = {
    "data_element_name": ("data_element", "data_element"),
    "category_option_combo_name": ("category_option_combo", "category_option_combo"),
    "attribute_option_combo_name": ("attribute_option_combo", "category_option_combo"),
    "org_unit_name": ("org_unit", "org_unit"),
}


def conflicts_of(plan: pl.DataFrame, names: Mapping[str, Mapping[str, str]]) -> pl.DataFrame:
    """The conflicts of a plan in words, all text, by site and period.

    The key, the names of its parts, tracker, target, ours (the number we wrote, null: none),
    stored_by, stored_at, reason.
    """
    return (
        plan.filter(pl.col("action") == "conflict")
        .sort("org_unit", "period", *KEY)
        .select(
            *KEY,
            *(
                pl.col(part).replace(dict(names[kind])).alias(name)
                for name, (part, kind) in _NAMED.items()
            ),
            tracker=canonical_text(pl.col("tracker_value")),
            target="current_value",
            ours=canonical_text(pl.col("ledger_value")),
            stored_by="stored_by",
            stored_at="last_updated",
            reason="reason",
        )
    )


def conflicts_for_terminal(conflicts: pl.DataFrame) -> pl.DataFrame:
    """What a person has to see: numbers and names, the latter with ids where two are alike."""
    return conflicts.select(
        _told_apart(conflicts, "org_unit"),
        "period",
        _told_apart(conflicts, "data_element"),
        "category_option_combo_name",
        "tracker",
        "target",
        "ours",
        "stored_by",
        "stored_at",
        "reason",
    )


def _told_apart(conflicts: pl.DataFrame, part: str) -> pl.Expr:
    name = f"{part}_name"
    called = told_apart(dict(conflicts.select(part, name).unique(maintain_order=True).iter_rows()))
    return pl.col(part).replace(called).alias(name)


def decisions_as_csv(conflicts: pl.DataFrame, written: pl.DataFrame) -> str:
    """decisions.csv anew: what stands in it, then the conflicts that it does not answer.

    `written`: the key and ANSWER_COLUMNS, as they stand. What helps to decide comes after, in
    columns that Tally does not read.
    """
    open_ones = conflicts.join(written, on=KEY, how="anti", maintain_order="left").select(KEY)
    rows = pl.concat(
        [
            written.select(*KEY, *ANSWER_COLUMNS),
            open_ones.with_columns(pl.lit("").alias(column) for column in ANSWER_COLUMNS),
        ]
    )
    notes = ("tracker", "target", "ours", "stored_by", "stored_at", "reason")
    form = rows.join(
        conflicts.select(
            *KEY, *_NAMED, *(pl.col(column).alias(f"note_{column}") for column in notes)
        ),
        on=KEY,
        how="left",
        validate="m:1",
        maintain_order="left",
    )
    return rows_as_csv(form, dict.fromkeys(form.columns, "text"), header=True)
