"""The findings of a check, in Markdown: the worst first, each with what to do."""

from collections.abc import Sequence

from pipeline.text.escaping import visible
from pipeline.text.wording import count
from pipeline.verify.rules.findings import SEVERITIES, Finding

_TITLES = {"error": "Must be mended", "warning": "Should be looked at", "note": "Good to know"}


def findings_as_markdown(name: str, findings: Sequence[Finding]) -> str:
    """The findings of a transfer as a page of Markdown."""
    lines = [f"# Check of {name}", "", _verdict(findings), ""]
    for severity in SEVERITIES:
        of_severity = [finding for finding in findings if finding.severity == severity]
        if of_severity:
            lines += [f"## {_TITLES[severity]}", ""]
            lines += [line for finding in of_severity for line in _bullet(finding)]
            lines.append("")
    return "\n".join(lines)


def _verdict(findings: Sequence[Finding]) -> str:
    counts = {one: sum(f.severity == one for f in findings) for one in ("error", "warning")}
    counted = [count(many, one) for one, many in counts.items() if many]
    return ", ".join(counted) or "Nothing stands in the way."


def _bullet(finding: Finding) -> list[str]:
    parts = [f"* **{finding.finding_id}**: {visible(finding.what)}"]
    if finding.where:
        parts.append(f"  - where: {visible(finding.where)}")
    if finding.remedy:
        parts.append(f"  - to do: {visible(finding.remedy)}")
    return parts
