"""What the old engine lets pass it refuses when the query asks it to be strict."""

from typing import Any

import pytest

from tests.sandbox.value_world import ADMIN, BOYS, OLD, outcome, row, send, small_world

STRICT = [
    ("strictPeriods", row(period="2026W10"), "E7632"),
    ("strictDataElements", row("deLocked001"), "E7633"),
    ("strictCategoryOptionCombos", row(categoryOptionCombo=BOYS), "E7634"),
    ("strictAttributeOptionCombos", row(attributeOptionCombo=BOYS), "E7635"),
    ("strictOrganisationUnits", row(orgUnit="ouCountry01"), "E7636"),
]


@pytest.mark.parametrize(("option", "sent", "code"), STRICT)
def test_a_row_that_does_not_fit_is_refused_only_by_a_strict_import(
    option: str, sent: dict[str, Any], code: str
) -> None:
    lenient = outcome(send(small_world(), OLD, [sent]))
    strict = outcome(send(small_world(), OLD, [sent], **{option: "true"}))

    assert lenient == "200 SUCCESS 1,0,0,0"
    assert strict == f"409 WARNING 0,0,1,0 {code}[0]"


def test_force_lifts_what_shuts_a_data_set_for_a_superuser_only() -> None:
    body = {"dataSet": "dsInput0001", "dataValues": [row("deInput0001", period="202608")]}

    assert "E7643" in outcome(send(small_world(), OLD, body, force="true"))
    assert "E7643" in outcome(send(small_world(), OLD, body, ADMIN))
    assert "E7643" not in outcome(send(small_world(), OLD, body, ADMIN, force="true"))


def test_rows_with_one_fault_share_a_conflict() -> None:
    rows = [row(orgUnit="ouNowhere01"), row("deNumber001", orgUnit="ouNowhere01"), row()]

    assert outcome(send(small_world(), OLD, rows)) == "409 WARNING 1,0,2,0 E7612[0,1]"
