"""The new engine looks codes up, believes uids, and refuses the request for the first bad row."""

from typing import Any

import pytest

from sandbox.entry.import_options import schemes_of
from sandbox.entry.lookups import Lookups
from sandbox.messages.envelopes import RefusalError
from sandbox.values.new.decoding import decoded, printed, scope_of
from sandbox.values.new.group import GroupRefusalError
from sandbox.values.payload import Payload, Row, payload_of
from tests.sandbox.value_world import DEFAULT, NEW, OLD, outcome, row, send, small_world

LOOKUPS = Lookups(small_world().metadata)


def sent(*rows: dict[str, Any]) -> Payload:
    return payload_of({"dataValues": list(rows)}, strict=True)


def test_codes_are_looked_up_and_uids_taken_at_their_word() -> None:
    body = {"dataSet": "dsForm00001", "dataValues": [row("INTEGER01"), row("NO_SUCH")]}
    query = {"dataElementIdScheme": "CODE"}

    assert outcome(send(small_world(), OLD, body, **query)) == "409 WARNING 1,0,1,0 E7610[1]"
    assert outcome(send(small_world(), NEW, body, **query)) == "409 ERROR 0,0,0,0 E8103[-1]"
    assert outcome(send(small_world(), NEW, [row("short")])) == "409 ERROR 0,0,0,0 E8104[-1]"


def test_a_uid_that_no_object_has_is_believed_and_a_combo_that_was_not_sent_stays_away() -> None:
    (entry,) = decoded(LOOKUPS, sent(row("deUnknown01")), schemes_of())

    assert entry.data_element == "deUnknown01"
    assert entry.option_combo is None


BAD = [
    ({"dataElement": None}, "E8102"),
    ({"orgUnit": ""}, "E8105"),
    ({"period": None}, "E8100"),
    ({"dataElement": "short"}, "E8104"),
    ({"orgUnit": "ou-Clinic001"}, "E8106"),
    ({"categoryOptionCombo": "short"}, "E8109"),
    ({"attributeOptionCombo": "short"}, "E8113"),
]


@pytest.mark.parametrize(("members", "code"), BAD)
def test_a_row_that_lacks_a_name_or_misspells_a_uid_refuses_the_request(
    members: dict[str, Any], code: str
) -> None:
    with pytest.raises(GroupRefusalError) as refusal:
        decoded(LOOKUPS, sent(row(), row() | members), schemes_of())

    assert refusal.value.code == code
    assert refusal.value.arguments.startswith("1-")


def test_a_code_that_no_object_has_is_not_found() -> None:
    schemes = schemes_of({"dataElementIdScheme": "CODE"})

    (entry,) = decoded(LOOKUPS, sent(row("INTEGER01")), schemes)
    with pytest.raises(GroupRefusalError) as refusal:
        decoded(LOOKUPS, sent(row("NO_SUCH")), schemes)

    assert entry.data_element == "deInteger01"
    assert (refusal.value.code, str(refusal.value)) == (
        "E8103",
        "Value #0 data element not found: `NO_SUCH`",
    )


def test_a_period_that_is_no_period_is_a_500() -> None:
    with pytest.raises(RefusalError) as refusal:
        decoded(LOOKUPS, sent(row(period="2026XX")), schemes_of())

    assert refusal.value.status == 500


def test_unknown_csv_columns_refuse_a_row_that_has_no_option_combo() -> None:
    bare = Payload(
        rows=(Row(0, "deInteger01", "202610", "ouClinic001"),), unknown_columns=("colour",)
    )

    with pytest.raises(GroupRefusalError) as refusal:
        decoded(LOOKUPS, bare, schemes_of())

    assert (refusal.value.code, refusal.value.arguments) == ("E8101", "0-{colour=null}")


def test_a_deletion_scope_names_every_cell_and_means_the_default_combo() -> None:
    scope = {
        "orgUnits": ["ouClinic001", "ouClinic002"],
        "periods": ["202609", "202610"],
        "elements": [{"dataElement": "deInteger01"}],
    }

    entries = scope_of(LOOKUPS, scope, schemes_of())

    assert {(entry.org_unit, entry.period.id) for entry in entries} == {
        ("ouClinic001", "202609"),
        ("ouClinic001", "202610"),
        ("ouClinic002", "202609"),
        ("ouClinic002", "202610"),
    }
    assert {entry.option_combo for entry in entries} == {DEFAULT}
    assert all(entry.row.deleted for entry in entries)
    assert scope_of(LOOKUPS, None, schemes_of()) == ()


def test_a_row_is_printed_with_every_field_and_null_for_what_it_lacks() -> None:
    text = printed(Row(0, "deInteger01", "202610", "ouClinic001", value="1", deleted=True))

    assert text == (
        "Input[dataElement=deInteger01, orgUnit=ouClinic001, categoryOptionCombo=null,"
        " categoryOptions=null, attributeOptionCombo=null, attributeCombo=null,"
        " attributeOptions=null, period=202610, value=1, comment=null, followUp=null,"
        " deleted=true]"
    )
