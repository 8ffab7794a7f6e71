"""What a run did, where its time went, and what it keeps, on one page."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from pipeline.report.plan import markdown_table
from pipeline.text.escaping import markdown_text
from pipeline.text.wording import count, number
from pipeline.verify.rules.findings import labels

LONGEST_TEXT = 300
MOST_SILENT_INDICATORS = 20
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
    """The page of a run. `story` is the record that `--json` shows."""
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
        what = markdown_text(stop["what"], LONGEST_TEXT)
        yield f"stopped in {stop['stage']} ({stop['at'][:19]} UTC): {what}"


def _extracted(extract: Story) -> Iterator[str]:
    yield (
        f"**extract** ({extract['started_at'][:19]} UTC): {count(extract['periods'], 'period')}, "
        f"{count(extract['org_units'], 'org unit')}; {count(extract['responses'], 'response')}, "
        f"{_size(extract['bytes'])}; analytics built {extract['analytics_built'][:19]}"
    )
    yield (
        f"source {extract['source_version']} ({extract['source_system_id']}), "
        f"target {extract['target_version']} ({extract['target_system_id']})"
    )
    names = extract["indicator_names"]
    for indicator, why in extract["unknown_indicators"].items():
        (name,) = map(markdown_text, labels([indicator], names))
        yield f"could not be asked: {name}: {markdown_text(why, LONGEST_TEXT)}"
    if silent := extract["silent_indicators"]:
        first_named = ", ".join(map(markdown_text, labels(silent[:MOST_SILENT_INDICATORS], names)))
        more = len(silent) - MOST_SILENT_INDICATORS
        yield f"without any count: {first_named}" + (
            f" and {number(more)} more" if more > 0 else ""
        )


def _transformed(transform: Story) -> Iterator[str]:
    if "undoes" in transform:
        yield f"it undoes run {transform['undoes']}; nothing came from tracker"
        return
    yield (
        f"**transform**: {count(transform['rows'], 'row')} = "
        f"{number(transform['accepted'])} accepted + {number(transform['rejects'])} rejected; "
        f"{count(transform['values'], 'value')}; "
        f"against what was known before: {_counts(transform['change'])}"
    )


def _planned(plan: Story) -> Iterator[str]:
    yield f"**plan** ({plan['made_at'][:19]} UTC): {_counts(plan['actions'])}"


def _guards(story: Story) -> Iterator[str]:
    """Each guard that fired, and whether it stops the load or why it was passed."""
    passed = [(one["guard"], one["saw"]) for one in story["passed"]]
    for one in story["passed"]:
        yield f"{_guard(one)}; passed: {markdown_text(one['reason'], LONGEST_TEXT)}"
    for alarm in story["plan"]["alarms"] if story["plan"] else ():
        if (alarm["guard"], alarm["saw"]) not in passed:
            yield f"{_guard(alarm)}; stops the load"


def _guard(alarm: Mapping[str, str]) -> str:
    return f"guard {alarm['guard']}: {markdown_text(alarm['saw'], LONGEST_TEXT)}"


def _loaded(load: Story) -> Iterator[str]:
    yield f"**load**: {_counts(load['counts'])}; {count(load['requests'], 'writing request')}"


def _times(timings: Sequence[Mapping[str, Any]]) -> list[str]:
    rows = [
        (
            part["part"],
            round(sum(part["seconds"].values()), 1),
            *(round(part["seconds"].get(column, 0.0), 1) for column in _COLUMNS),
            part["requests"],
        )
        for part in timings
    ]
    numbers = ["seconds", *_COLUMNS.values()]
    shape = {"part": pl.String, **dict.fromkeys(numbers, pl.Float64), "requests": pl.Int64}
    parts = pl.DataFrame(rows, schema=shape, orient="row")
    total = parts.select(pl.lit("all").alias("part"), pl.exclude("part").sum())
    return markdown_table(pl.concat([parts, total.with_columns(pl.col(numbers).round(1))]))


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number(many)} {name}" for name, many in counts.items()) or "nothing"


def _size(size: int) -> str:
    """A number of bytes, in the unit that reads best."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= factor:
            return f"{size / factor:.1f} {unit}"
    return f"{size} bytes"
