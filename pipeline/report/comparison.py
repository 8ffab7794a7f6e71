"""Tell in run.md how tracker and paper agree, or why nothing was compared."""

import polars as pl

from pipeline.compare.rules.overview import Overview
from pipeline.report.discrepancies.answer import AGREEMENT_WORDS, answer, plain, sentences
from pipeline.report.plan import markdown_table
from pipeline.text.errors import TallyError
from pipeline.text.escaping import markdown_text
from pipeline.text.wording import count, minute

TITLE = "## Tracker and paper"
MOST_LETTERS = 500
NOTHING = [
    TITLE,
    "",
    "Nothing was compared: `[compare]` in transfer.toml names no manual numbers.",
    "",
]


def refused(letter: TallyError) -> list[str]:
    """Give the lines for a comparison that could not be made."""
    told = [letter.what, letter.where, letter.remedy]
    return [
        *(TITLE, "", "**Nothing was compared**, because the manual side could not be read:", ""),
        *(f"* {markdown_text(line, most=MOST_LETTERS)}" for line in told if line),
        "",
    ]


def compared(overview: Overview) -> list[str]:
    """Give the lines for a comparison: the answer, one row a class, and where to read on."""
    told = [plain(one) for one in sentences(answer(overview))]
    source = overview.provenance
    classes = overview.agreements.select(
        pl.col("agreement").replace({name: words[0] for name, words in AGREEMENT_WORDS.items()}),
        "cells",
        tracker="tracker_total",
        manual="manual_total",
    )
    findings = overview.findings.height
    return [
        TITLE,
        "",
        *(f"{markdown_text(sentence, most=MOST_LETTERS)}\n" for sentence in told),
        *markdown_table(classes),
        "",
        (
            f"Tracker is what tracker said in this run, not what was loaded. Manual is "
            f"{markdown_text(source.manual_source)}, read on {minute(source.manual_read_at)}. "
            f"Tolerance: {source.tolerance}."
        ),
        "",
        (
            f"{count(findings, 'thing')} of the manual side or of tracker could not be compared; "
            "discrepancies.html lists what."
            if findings
            else "Everything on paper was a number."
        ),
        "",
    ]
