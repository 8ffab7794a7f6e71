"""Tell what a run did, where its time went, and what it keeps, on one page."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from pipeline.report.plan import markdown_table
from pipeline.text.escaping import markdown_text
from pipeline.text.wording import count, number
from pipeline.verify.rules.findings import called

LONGEST = 300
MOST_NAMED = 20
_STAGES = {
    "begun": "It began, and its extract is not complete.",
    "extract": "It was extracted.",
    "transform": "It was extracted and transformed.",
    "plan": "It was planned; nothing of it was sent.",
    "load": "It was loaded.",
}
_COLUMNS = {"server": "server", "network": "network", "parse": "parse", "ours": "the rest"}

Story = Mapping[str, Any]


def history_as_markdown(story: Story) -> str:
    """Write the page. `story` is the record that `--json` shows."""
    lines = [f"# Run {story['run']}", "", _STAGES[story["stage"]], ""]
    lines += [f"* {line}" for line in _happenings(story)]
    if story["timings"]:
        lines += ["", "## Where the time went, in seconds", "", *_times(story["timings"]), "", _KEY]
    kept = story["bytes"]
    lines += ["", "## What it keeps", ""]
    lines += [f"* {name}: {_size(size)}" for name, size in kept.items() if size]
    return "\n".join(lines)


_KEY = (
    "*server*: until the first byte of an answer, tries and waits between them included; "
    "*network*: while bytes came; *parse*: answers read into tables; *the rest*: everything else "
    "of that part, in transform the mapping, in plan the decisions. What goes on at once is "
    "counted once, so that all add up."
)


def _happenings(story: Story) -> Iterator[str]:
    for stage, tell in (
        ("extract", _extracted),
        ("transform", _transformed),
        ("plan", _planned),
        ("load", _loaded),
    ):
        if story[stage]:
            yield from tell(story[stage])
    yield from _guards(story)
    if story["unconfirmed"]:
        groups = count(story["unconfirmed"], "group")
        yield (
            f"its load was interrupted; not yet read back: {groups} of values. "
            "`tally load NAME --resume` goes on, or the next plan reads them back"
        )
    for stop in story["stops"]:
        what = markdown_text(stop["what"], LONGEST)
        yield f"stopped in {stop['stage']} ({stop['at'][:19]} UTC): {what}"


def _extracted(told: Story) -> Iterator[str]:
    yield (
        f"**extract** ({told['started_at'][:19]} UTC): {count(told['periods'], 'period')}, "
        f"{count(told['org_units'], 'org unit')}; {count(told['responses'], 'response')}, "
        f"{_size(told['bytes'])}; analytics built {told['analytics_built'][:19]}"
    )
    yield (
        f"source {told['source_version']} ({told['source_system_id']}), "
        f"target {told['target_version']} ({told['target_system_id']})"
    )
    names = told["indicator_names"]
    for indicator, why in told["unknown_indicators"].items():
        (name,) = map(markdown_text, called([indicator], names))
        yield f"could not be asked: {name}: {markdown_text(why, LONGEST)}"
    if silent := told["silent_indicators"]:
        told_first = ", ".join(map(markdown_text, called(silent[:MOST_NAMED], names)))
        more = len(silent) - MOST_NAMED
        yield f"without any count: {told_first}" + (f" and {number(more)} more" if more > 0 else "")


def _transformed(told: Story) -> Iterator[str]:
    if "undoes" in told:
        yield f"it undoes run {told['undoes']}; nothing came from tracker"
        return
    yield (
        f"**transform**: {count(told['rows'], 'row')} = {number(told['accepted'])} accepted + "
        f"{number(told['rejects'])} rejected; {count(told['values'], 'value')}; "
        "against what was known before: "
        f"{_counts(told['change'])}"
    )


def _planned(told: Story) -> Iterator[str]:
    yield f"**plan** ({told['made_at'][:19]} UTC): {_counts(told['actions'])}"


def _guards(story: Story) -> Iterator[str]:
    """Tell of each guard that fired whether it stops the load, or why it was passed."""
    passed = [(one["guard"], one["saw"]) for one in story["passed"]]
    for one in story["passed"]:
        yield f"{_guard(one)}; passed: {markdown_text(one['reason'], LONGEST)}"
    for alarm in story["plan"]["alarms"] if story["plan"] else ():
        if (alarm["guard"], alarm["saw"]) not in passed:
            yield f"{_guard(alarm)}; stops the load"


def _guard(alarm: Mapping[str, str]) -> str:
    return f"guard {alarm['guard']}: {markdown_text(alarm['saw'], LONGEST)}"


def _loaded(told: Story) -> Iterator[str]:
    yield f"**load**: {_counts(told['counts'])}; {count(told['requests'], 'writing request')}"


def _times(timings: Sequence[Mapping[str, Any]]) -> list[str]:
    rows = [
        (
            told["part"],
            round(sum(told["seconds"].values()), 1),
            *(round(told["seconds"].get(column, 0.0), 1) for column in _COLUMNS),
            told["requests"],
        )
        for told in timings
    ]
    numbers = ["seconds", *_COLUMNS.values()]
    shape = {"part": pl.String, **dict.fromkeys(numbers, pl.Float64), "requests": pl.Int64}
    told = pl.DataFrame(rows, schema=shape, orient="row")
    total = told.select(pl.lit("all").alias("part"), pl.exclude("part").sum())
    return markdown_table(pl.concat([told, total.with_columns(pl.col(numbers).round(1))]))


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number(many)} {name}" for name, many in counts.items()) or "nothing"


def _size(size: int) -> str:
    """Say how many bytes, in the unit that reads best."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= factor:
            return f"{size / factor:.1f} {unit}"
    return f"{size} bytes"
