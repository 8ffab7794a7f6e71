"""A run after its load: the verdict, what waits for a person, and where everything is."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import polars as pl

from pipeline.cells.key import KEY
from pipeline.cells.numbers import DECIMALS, canonical_text
from pipeline.plan.rules.reasons import SOURCE_UNKNOWN
from pipeline.report.meanings import other_side
from pipeline.report.naming import NamesByColumn, named
from pipeline.report.plan import LONGEST_SENTENCE, late_by_period, markdown_table
from pipeline.text.errors import TallyError
from pipeline.text.escaping import markdown_text
from pipeline.text.wording import count, number
from schemas.remainders import PLACE

MOST_LINES = 20
_MEANING = {
    "loaded": "written, and read back",
    "unchanged": "already held the number when their turn came",
    "held": "may not be written now; the reasons stand below",
    "drifted": "changed by somebody after the plan; left as they are",
    "refused": "not in the target; the server's reason stands below",
}
_SEVERAL = ("their", "They stand", "them")
_WAITING = ("conflict", "hold", "skip", "orphan")
_FILES = {
    "discrepancies.html": "where tracker and paper disagree, to read and to print",
    "discrepancies.xlsx": "the same for a spreadsheet",
    "discrepancies.csv": "every compared number",
    "plan.md": "the plan in short",
    "plan.parquet": "the plan, cell by cell, but for what is new or already right",
    "new_values.parquet": "new values of the plan, by numbers; the view `plan` names them",
    "late_corrections.csv": "what tracker changed after the period closed, and since which run",
    "load.parquet": "the planned values that were not simply written and read back",
    "values.parquet": "what tracker counted",
    "rejects.parquet": "the rows that became no value, each with its reason",
    "remainders.parquet": "totals of program indicators that are more than their cells",
    "responses": "what the servers said, as they said it",
    "log.jsonl": "what was done when",
}


def run_as_markdown(
    run_id: str,
    *,
    transformed: Mapping[str, Any],
    loaded: Mapping[str, Any],
    outcomes: pl.DataFrame,
    plan: pl.DataFrame,
    rejects: pl.DataFrame,
    names: NamesByColumn,
    passed: Sequence[Mapping[str, str]] = (),
    remainders: pl.DataFrame | None = None,
) -> str:
    """The first part of run.md, of a run that was loaded.

    `loaded`: the load's record; of the indicators that could not be run it has the sentences.

    `outcomes`: the key, outcome, reason. `plan` and `rejects`: as kept.
    `passed`: of each guard that somebody let it pass the name, what it saw, and why.
    `remainders`: totals that cells do not explain, as schemas.remainders has them, with names.
    """
    counts = loaded["counts"]
    unknown = _unknown(loaded.get("unknown_indicators") or {}, names)
    lines = [f"# Run {run_id}", "", _verdict(counts), "", *_unknown_in_a_line(unknown, plan)]
    lines += [*_waiting_in_a_line(plan), f"{_came(transformed)} {_sent(loaded)}", ""]
    became = pl.DataFrame(
        [(name, counts[name], meaning) for name, meaning in _MEANING.items()],
        schema=["outcome", "cells", "meaning"],
        orient="row",
    )
    waiting = plan.filter(pl.col("action").is_in(_WAITING))
    unwritten = outcomes.filter(pl.col("outcome").is_in(["drifted", "refused"]))
    for title, part in (
        ("Program indicators that could not be run", unknown),
        ("What became of the plan", became),
        ("Planned, but not in the target", _named(unwritten.sort("outcome", *KEY), names)),
        ("What needs a person", _named(_conflicts(plan), names)),
        ("What waits, and for what", _counted(waiting, "action", "reason", of="cells")),
        ("Changed in tracker after the period closed", late_by_period(plan)),
        ("Guards that were passed", _passed(passed)),
        ("Counted in a total, but in no category option", _uncategorised(remainders)),
        ("Rows of tracker that became no value", _counted(rejects, "rule_id", "reason", of="rows")),
    ):
        if not part.is_empty():
            lines += [f"## {title}", "", *markdown_table(part.head(MOST_LINES)), ""]
            lines += _rest(part)
    return "\n".join(lines)


def unloaded_run_as_markdown(run_id: str, transformed: Mapping[str, Any]) -> str:
    """The first part of run.md, of a run that was not loaded."""
    return f"# Run {run_id}\n\n**This run was not loaded.**\n\n{_came(transformed)}\n"


def refused_run_as_markdown(
    run_id: str,
    letter: TallyError,
    guilty: pl.DataFrame,
    rejects: pl.DataFrame,
    names: NamesByColumn,
) -> str:
    """The first part of run.md, of a run that was stopped because too many rows were rejected.

    `guilty`: rule_id, program_indicator, data_element, value_type, rows, and period, org_unit and
    value of an example. `rejects`: as kept.
    """
    verdict = "**This run was stopped: too many rows of tracker became no value.**"
    examples = named(guilty.drop("reason"), names)
    lines = [f"# Run {run_id}", "", f"{verdict} Nothing was planned, nothing was sent.", ""]
    lines += [markdown_text(part, LONGEST_SENTENCE) + "\n" for part in (letter.what, letter.remedy)]
    for title, part in (
        ("Rows of tracker that became no value", _counted(rejects, "rule_id", "reason", of="rows")),
        ("Whose rows they are, with an example of each", examples),
    ):
        lines += [f"## {title}", "", *markdown_table(part.head(MOST_LINES)), ""]
        if part.height > MOST_LINES:
            lines += [f"{count(part.height - MOST_LINES, 'line')} more: see rejects.parquet.", ""]
    return "\n".join(lines)


def files_as_markdown(names: Collection[str]) -> str:
    """The last part of run.md: what stands in the files of a run's folder, of which these exist."""
    bullets = [f"* `{name}`: {what}" for name, what in _FILES.items() if name in names]
    return "\n".join(["## In the folder of this run", "", *bullets, ""])


def _verdict(counts: Mapping[str, int]) -> str:
    unwritten = counts["drifted"] + counts["refused"]
    right = counts["loaded"] + counts["unchanged"]
    if unwritten:
        are = "is" if unwritten == 1 else "are"
        missing = f"**{count(unwritten, 'planned value')} {are} not in the target**"
        return f"{missing}, see below; {number(right)} {'is' if right == 1 else 'are'}."
    if not right:
        return "**Nothing had to be written.**"
    return f"**Everything that was planned is in the target**: {count(right, 'value')}."


def _unknown(sentences: Mapping[str, str], names: NamesByColumn) -> pl.DataFrame:
    """The indicators that could not be run: program_indicator, id, what the server says."""
    known = names.get("program_indicator", {})
    rows = [(known.get(one, one), one, what) for one, what in sorted(sentences.items())]
    columns = dict.fromkeys(("program_indicator", "id", "sentence"), pl.String)
    return pl.DataFrame(rows, schema=columns, orient="row")


def _unknown_in_a_line(unknown: pl.DataFrame, plan: pl.DataFrame) -> list[str]:
    if unknown.is_empty():
        return []
    held = plan.filter(pl.col("reason_id") == SOURCE_UNKNOWN).height
    its, stand, them = ("its", "It stands", "it") if unknown.height == 1 else _SEVERAL
    line = (
        f"**{count(unknown.height, 'program indicator')} could not be run, so {its} cells are not "
        f"known in this run and were held** (with those of rejected rows: {count(held, 'cell')}). "
        f"{stand} below: mend {them}, or build the analytics tables anew."
    )
    return [line, ""]


def _waiting_in_a_line(plan: pl.DataFrame) -> list[str]:
    found = dict(plan.group_by("action").len().iter_rows())
    conflicts, holds = (int(found.get(action, 0)) for action in ("conflict", "hold"))
    if not conflicts and not holds:
        return []
    decide = (
        "For a person to decide, because somebody else wrote, changed or removed the number: "
        f"{count(conflicts, 'cell')} (`tally conflicts NAME` lists them)."
    )
    wait = f"Not to be written now, with the reason below: {count(holds, 'cell')}."
    return [" ".join([decide] * bool(conflicts) + [wait] * bool(holds)), ""]


def _came(transformed: Mapping[str, Any]) -> str:
    if "undoes" in transformed:
        return f"It undoes run {transformed['undoes']}; nothing came from tracker."
    return (
        f"{count(transformed['rows'], 'row')} came from tracker: "
        f"{number(transformed['accepted'])} accepted, {number(transformed['rejects'])} rejected; "
        f"they make {count(transformed['values'], 'value')}."
    )


def _sent(loaded: Mapping[str, Any]) -> str:
    requests = loaded["requests"]
    return f"{count(requests, 'writing request')} {'was' if requests == 1 else 'were'} sent."


def _passed(passed: Sequence[Mapping[str, str]]) -> pl.DataFrame:
    rows = [(one["guard"], one["saw"], one["reason"]) for one in passed]
    columns = dict.fromkeys(("guard", "what_it_saw", "why"), pl.String)
    return pl.DataFrame(rows, schema=columns, orient="row")


def _conflicts(plan: pl.DataFrame) -> pl.DataFrame:
    return (
        plan.filter(pl.col("action") == "conflict")
        .sort(KEY)
        .select(
            *KEY,
            pl.col("current_value").fill_null("-").alias("target"),
            canonical_text(pl.col("tracker_value")).fill_null("-").alias(other_side(plan)),
            "reason",
        )
    )


def _uncategorised(remainders: pl.DataFrame | None) -> pl.DataFrame:
    """The remainders, the largest first; one whose total is not known stands before all."""
    if remainders is None or remainders.is_empty():
        return pl.DataFrame()
    missing = (pl.col("total") - pl.col("categorised")).round(DECIMALS)
    rows = remainders.with_columns(missing=missing).sort(
        "missing", *PLACE, descending=[True, False, False, False], nulls_last=False
    )
    return rows.select(
        *PLACE,
        total=canonical_text(pl.col("total")).fill_null("not known"),
        in_categories=canonical_text(pl.col("categorised")),
        in_none=canonical_text(pl.col("missing")).fill_null("not known"),
    )


def _counted(rows: pl.DataFrame, kind: str, reason: str, *, of: str) -> pl.DataFrame:
    return (
        rows.group_by(kind, reason)
        .agg(pl.len().alias(of))
        .sort(kind, of, reason, descending=[False, True, False])
    )


def _rest(part: pl.DataFrame) -> list[str]:
    more = part.height - MOST_LINES
    return (
        [f"{count(more, 'line')} more: see plan.parquet and load.parquet.", ""] if more > 0 else []
    )


def _named(cells: pl.DataFrame, names: NamesByColumn) -> pl.DataFrame:
    return named(cells, names).drop("attribute_option_combo")
