"""Find which codes and names of a file of manual numbers a report could not be sure of."""

from collections.abc import Iterator

import polars as pl

from pipeline.compare.rules.manual import reasons
from pipeline.text.rule import Rule
from pipeline.verify.rules.findings import Finding, Severity, many

_UNCLEAR: tuple[tuple[str, Severity, Rule], ...] = (
    ("manual-unknown-org-units", "warning", reasons.UNMATCHED_ORG_UNIT),
    ("manual-ambiguous-org-units", "warning", reasons.AMBIGUOUS_ORG_UNIT),
    ("manual-ambiguous-elements", "warning", reasons.AMBIGUOUS_ELEMENT),
    ("manual-rounded-codes", "warning", reasons.ROUNDED_CODE),
    ("manual-changed-codes", "note", reasons.READ_AS_CODE),
)


def unclear_texts(findings: pl.DataFrame) -> Iterator[Finding]:
    """One finding for each way in which codes and names are not clear, with their lines.

    `findings`: as schemas.comparison.ManualFindings, of one file.
    """
    for finding_id, severity, rule in _UNCLEAR:
        found = findings.filter(pl.col("rule_id") == rule.rule_id)
        what, _, remedy = rule.sentence.partition("; ")
        yield from many(
            finding_id,
            severity,
            f"texts of the file of manual numbers: {what}",
            [f"line {line}: {text}" for line, text in found.select("line", "observed").rows()],
            remedy or "format codes as text in the spreadsheet",
        )
