"""Find what is wrong with the decisions about single cells."""

from collections.abc import Iterator

from pipeline.tables import read_decisions
from pipeline.verify.checks.context import VerifyContext
from pipeline.verify.rules.findings import Finding, many


def check_decisions(context: VerifyContext) -> Iterator[Finding]:
    """Read decisions.csv, so that a slip of the pen is found by day; name what has expired."""
    folder = context.deployment.transfer_folder(context.name)
    decisions = read_decisions(folder, context.now.date())
    yield from many(
        "decisions-expired",
        "note",
        "decisions are not followed any more: their day is over",
        [f"line {line}" for line in decisions.expired["line"]],
        f"give them a later day in {folder}/decisions.csv, or take them out",
    )
