"""Findings are told with the worst first, each with what to do."""

import json

from pipeline.report.verify import findings_as_markdown
from pipeline.verify.rules.findings import Finding

FINDINGS = [
    Finding("small", "note", "a small thing"),
    Finding("odd", "warning", "an odd thing"),
    Finding("big", "error", "a big thing", "here", "do this"),
]


def test_the_worst_comes_first() -> None:
    told = findings_as_markdown("fever", FINDINGS)

    assert told.index("big thing") < told.index("odd thing") < told.index("small thing")
    assert "\n1 error, 1 warning\n" in told
    assert "where: here" in told
    assert "to do: do this" in told


def test_notes_alone_stand_in_nobodys_way() -> None:
    told = findings_as_markdown("fever", FINDINGS[:1])

    assert "Nothing stands in the way." in told
    assert "small thing" in told


def test_a_name_that_strangers_typed_begins_no_line_of_its_own() -> None:
    told = findings_as_markdown(
        "fever", [Finding("odd", "note", "an odd site", "Hill\n# Valley\u202e")]
    )

    assert "where: Hill # Valley[U+202E]" in told


def test_a_script_gets_the_same_as_json() -> None:
    told = json.loads(json.dumps([finding.as_record() for finding in FINDINGS]))

    assert told[2] == {
        "finding_id": "big",
        "severity": "error",
        "what": "a big thing",
        "where": "here",
        "remedy": "do this",
    }
