"""A plan in numbers: how many cells of each kind, where, and what would surprise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.numbers import canonical_text
from pipeline.plan.rules.guards import LOOK_FIRST
from pipeline.plan.rules.late_corrections import is_late
from pipeline.plan.rules.policy import WRITING
from pipeline.report.meanings import meanings_of, other_side
from pipeline.report.naming import NamesByColumn, display_names, named
from pipeline.text.escaping import NAME_LENGTH, markdown_text
from pipeline.text.wording import number
from schemas.plan import PlainCounts
from schemas.vocabulary import ACTIONS

STRIKING = 12
# Columns of sentences, which are read whole.
SENTENCE_COLUMNS = ("meaning", "reason", "sentence", "what_it_saw", "why")
LONGEST_SENTENCE = 300
_PLACE = ("data_element", "org_unit", "period", "category_option_combo", "data_set")
_FILES = {"decisions": "decisions.csv", "sites": "sites.csv", "policy": "transfer.toml"}


@dataclass(frozen=True)
class PlanSummary:
    """The numbers of one plan; every frame is small and ordered for reading.

    `actions`: action, cells. `reasons`: action, reason, cells. `data_sets` and `periods`: the
    name and one column per action that occurs. `striking`: the largest changes, in words.
    `decisions`: decision, stands_in, by, why, cells; only those that settled a conflict. `late`:
    period, reason, cells; what tracker changed after the period closed. `notes`:
    sentences about what people ruled and what became of it. `meanings`: what each action means.
    """

    run_id: str
    actions: pl.DataFrame
    reasons: pl.DataFrame
    data_sets: pl.DataFrame
    periods: pl.DataFrame
    striking: pl.DataFrame
    alarms: list[dict[str, str]] = field(default_factory=list)
    rejects: pl.DataFrame = field(default_factory=pl.DataFrame)
    decisions: pl.DataFrame = field(default_factory=pl.DataFrame)
    late: pl.DataFrame = field(default_factory=pl.DataFrame)
    notes: Sequence[str] = ()
    meanings: Mapping[str, str] = field(default_factory=dict)

    @property
    def writes(self) -> int:
        """How many cells a load would write."""
        return int(self.actions.filter(pl.col("action").is_in(WRITING))["cells"].sum())

    def as_record(self) -> dict[str, Any]:
        """The summary as JSON keeps it."""
        return {
            "run": self.run_id,
            "writes": self.writes,
            "actions": dict(self.actions.rows()),
            "reasons": self.reasons.to_dicts(),
            "data_sets": self.data_sets.to_dicts(),
            "periods": self.periods.to_dicts(),
            "alarms": self.alarms,
            "rejects": self.rejects.to_dicts(),
            "decisions": self.decisions.to_dicts(),
            "late_corrections": self.late.to_dicts(),
            "notes": list(self.notes),
        }


def summarise(
    run_id: str,
    plan: pl.DataFrame,
    names: NamesByColumn,
    *,
    alarms: list[dict[str, str]],
    rejects: pl.DataFrame,
    notes: Sequence[str] = (),
    plain: DataFrame[PlainCounts] | None = None,
) -> PlanSummary:
    """The numbers of a plan, for people; `plain` counts cells beside those of `plan`.

    `names` gives, per column (data_set, data_element, org_unit, category_option_combo), the name
    of each id; an id without a name stays as it is, and two of one name with their ids.
    """
    order = {action: place for place, action in enumerate(ACTIONS)}
    counted = _counted(plan, plain)
    actions = (
        counted.group_by("action")
        .agg(pl.col("cells").sum())
        .sort(pl.col("action").replace_strict(order, default=99))
    )
    reasons = (
        plan.filter(~pl.col("action").is_in(["keep", "create", "update"]))
        .group_by("action", "reason")
        .agg(cells=pl.len())
        .sort("action", "cells", "reason", descending=[False, True, False])
    )
    return PlanSummary(
        run_id,
        actions,
        reasons,
        _crossed(counted, "data_set", display_names("data_set", names)),
        _crossed(counted, "period"),
        _striking(plan, names),
        alarms,
        rejects.group_by("rule_id", "reason").agg(rows=pl.len()).sort("rule_id"),
        _decisions(plan),
        late_by_period(plan),
        notes,
        meanings_of(plan, () if plain is None else plain["action"].unique()),
    )


def _counted(plan: pl.DataFrame, plain: DataFrame[PlainCounts] | None) -> pl.DataFrame:
    """How many cells there are: action, data_set, period, cells."""
    decided = plan.group_by("action", "data_set", "period").agg(cells=pl.len().cast(pl.Int64))
    return decided if plain is None else pl.concat([decided, plain])


def late_by_period(plan: pl.DataFrame) -> pl.DataFrame:
    """How many late corrections a plan has: period, reason, cells."""
    late = plan.filter(is_late())
    return late.group_by("period", "reason").agg(cells=pl.len()).sort("period", "reason")


def _decisions(plan: pl.DataFrame) -> pl.DataFrame:
    used = plan.filter(pl.col("decision").is_not_null()).select(
        "decision",
        stands_in=pl.col("decided_in").replace(_FILES),
        by="decided_by",
        why="decided_why",
    )
    names = used.columns
    return used.group_by(names).agg(cells=pl.len()).sort(names)


def _crossed(
    counted: pl.DataFrame, column: str, names: Mapping[str, str] = MappingProxyType({})
) -> pl.DataFrame:
    """Count by id, then by action; the names are put in last, so that none stands for two."""
    occurring = set(counted["action"].unique())
    present = [action for action in ACTIONS if action in occurring]
    cells = pl.col("cells")
    return (
        counted.group_by(column)
        .agg(cells.filter(pl.col("action") == action).sum().alias(action) for action in present)
        .with_columns(pl.col(column).replace(dict(names)).fill_null("(none)"))
        .sort(column)
    )


def _striking(plan: pl.DataFrame, names: NamesByColumn) -> pl.DataFrame:
    now = pl.col("current_value").cast(pl.Float64, strict=False).fill_null(0)
    change = (pl.col("tracker_value").fill_null(0) - now).abs()
    among_the_largest = pl.col("change") >= pl.col("change").top_k(STRIKING).min()
    return (
        plan.filter(pl.col("action").is_in(["update", "retract", "conflict"]))
        .with_columns(change=change)
        .filter(among_the_largest)  # a million changes are not worth sorting
        .pipe(named, names)
        .sort("change", *_PLACE, descending=[True, *[False] * len(_PLACE)])
        .head(STRIKING)
        .select(
            "action",
            "data_element",
            "category_option_combo",
            "org_unit",
            "period",
            pl.col("current_value").fill_null("-").alias("target"),
            canonical_text(pl.col("tracker_value")).fill_null("-").alias(other_side(plan)),
        )
    )


def plan_as_markdown(summary: PlanSummary) -> str:
    """The summary as plan.md keeps it and the terminal shows it."""
    lines = [f"# Plan of run {summary.run_id}", ""]
    values = "value" if summary.writes == 1 else "values"
    verdict = f"A load would write **{number(summary.writes)}** {values}."
    if summary.alarms:
        verdict += " **It is stopped by a guard, see below.**"
    lines += [verdict, ""]
    lines += _alarm_lines(summary.alarms)
    meaning = summary.actions.with_columns(
        meaning=pl.col("action").replace_strict(summary.meanings, return_dtype=pl.String)
    )
    lines += ["## What would happen", "", *markdown_table(meaning), ""]
    for title, part in (
        ("By data set", summary.data_sets),
        ("By period", summary.periods),
        ("Why some cells are not simply written", summary.reasons),
        ("What people decided beforehand", summary.decisions),
        ("Changed in tracker after the period closed", summary.late),
        ("The most striking changes", summary.striking),
        ("Rows of tracker that became no value", summary.rejects),
    ):
        if not part.is_empty():
            lines += [f"## {title}", "", *markdown_table(part), ""]
    if summary.notes:
        lines += ["## To know", "", *(f"* {note}" for note in summary.notes), ""]
    return "\n".join(lines)


def _alarm_lines(alarms: list[dict[str, str]]) -> list[str]:
    if not alarms:
        return []
    bullets = [
        f"* **{alarm['guard']}**: {markdown_text(alarm['saw'], LONGEST_SENTENCE)}; usual is "
        f"{alarm['usual']}. First {LOOK_FIRST[alarm['guard']]}. If it is right, go on with "
        f'`tally load NAME --allow {alarm["guard"]} --reason "…"`.'
        for alarm in alarms
    ]
    return ["## Guards", "", *bullets, ""]


def markdown_table(frame: pl.DataFrame) -> list[str]:
    """A small frame as a table of Markdown, numbers for people and every text harmless."""
    header = [column.replace("_", " ") for column in frame.columns]
    rule = ["---:" if kind.is_numeric() else "---" for kind in frame.dtypes]
    most = [LONGEST_SENTENCE if name in SENTENCE_COLUMNS else NAME_LENGTH for name in frame.columns]
    body = [map(_cell, row, most) for row in frame.iter_rows()]
    return ["| " + " | ".join(row) + " |" for row in (header, rule, *body)]


def _cell(value: object, most: int) -> str:
    if isinstance(value, int | float):
        return number(value)
    return "" if value is None else markdown_text(str(value), most)
