"""Find what is wrong with the decisions about single cells."""

from collections.abc import Iterator

from pipeline.tables import read_decisions
from pipeline.verify.checks.known import Known
from pipeline.verify.rules.findings import Finding, many


def decision_findings(known: Known) -> Iterator[Finding]:
    """Read decisions.csv, so that a slip of the pen is found by day; name what has expired."""
    folder = known.deployment.transfer_folder(known.name)
    told = read_decisions(folder, known.now.date())
    yield from many(
        "decisions-expired",
        "note",
        "decisions are not followed any more: their day is over",
        [f"line {line}" for line in told.expired["line"]],
        f"give them a later day in {folder}/decisions.csv, or take them out",
    )
