"""The part of run.md about how tracker and the manual reports agree, or why it is not known."""

import polars as pl

from pipeline.compare.rules.overview import Overview
from pipeline.report.discrepancies.summary import (
    AGREEMENT_WORDS,
    plain,
    sentences,
    summarise_overview,
)
from pipeline.report.plan import markdown_table
from pipeline.text.errors import TallyError
from pipeline.text.escaping import markdown_text
from pipeline.text.wording import count, minute

MOST_LETTERS = 500
_TITLE = "## Tracker and paper"
NO_COMPARISON = (
    f"{_TITLE}\n\nNothing was compared: `[compare]` in transfer.toml names no manual numbers.\n"
)


def refusal_as_markdown(letter: TallyError) -> str:
    """Why nothing was compared, in the words of the letter."""
    lines = [letter.what, letter.where, letter.remedy]
    return "\n".join(
        [
            *(_TITLE, "", "**Nothing was compared**, because the manual side could not be read:"),
            "",
            *(f"* {markdown_text(line, most=MOST_LETTERS)}" for line in lines if line),
            "",
        ]
    )


def comparison_as_markdown(overview: Overview) -> str:
    """The answer in sentences, one row a class, and where to read on."""
    summary = [*_nothing_placed(overview)]
    summary += [plain(one) for one in sentences(summarise_overview(overview))]
    classes = overview.agreements.select(
        pl.col("agreement").replace({name: words[0] for name, words in AGREEMENT_WORDS.items()}),
        "cells",
        tracker="tracker_total",
        manual="manual_total",
    )
    lines = [
        *(_TITLE, ""),
        *(f"{markdown_text(sentence, most=MOST_LETTERS)}\n" for sentence in summary),
        *markdown_table(classes),
        *("", _source(overview), "", _findings(overview.findings.height), ""),
    ]
    return "\n".join(lines)


def _nothing_placed(overview: Overview) -> list[str]:
    """A sentence where no number of the manual side is beside one of tracker's, or alone."""
    is_silent = pl.col("agreement") == "only_tracker"
    if overview.agreements.filter(~is_silent)["cells"].sum():
        return []
    source, many = overview.provenance.manual_source, overview.findings.height
    reasons = f"; the {count(many, 'finding')} in discrepancies.html tell why" if many else ""
    return [f"No number of {source} could be placed in a cell that this run asked{reasons}."]


def _source(overview: Overview) -> str:
    source = overview.provenance
    return (
        f"Tracker is what tracker said in this run, not what was loaded. Manual is "
        f"{markdown_text(source.manual_source)}, read on {minute(source.manual_read_at)}. "
        f"Tolerance: {source.tolerance}."
    )


def _findings(many: int) -> str:
    if not many:
        return "Everything on paper was a number."
    return (
        f"{count(many, 'thing')} of the manual side or of tracker could not be compared; "
        "discrepancies.html lists what."
    )
