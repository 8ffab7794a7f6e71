"""What a file calls sites and elements is told beforehand where a report could not be sure."""

from pipeline.verify.rules.comparison import unclear_texts
from tests.support.frames import frame


def test_each_way_of_being_unclear_is_one_finding_with_the_lines() -> None:
    findings = frame("""
        rule_id | line | observed
        M04     | 3    | 12: 0012 (ou_a) or 12 (ou_b)
        M17     | 4    | 1.2E+11
        M18     | 5    | 34: 0034 (ou_c)
        M03     | 6    | Nowhere
        M03     | 7    | Elsewhere
        M02     | 8    | Births
    """)

    told = {one.finding_id: one for one in unclear_texts(findings)}

    assert {one: told[one].severity for one in told} == {
        "manual-unknown-org-units": "warning",
        "manual-ambiguous-org-units": "warning",
        "manual-rounded-codes": "warning",
        "manual-changed-codes": "note",
    }
    assert told["manual-unknown-org-units"].where == "line 6: Nowhere, line 7: Elsewhere"
    assert told["manual-ambiguous-org-units"].where == "line 3: 12: 0012 (ou_a) or 12 (ou_b)"
    assert all(one.remedy for one in told.values())
