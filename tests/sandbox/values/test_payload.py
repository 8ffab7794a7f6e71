"""A JSON body is read leniently by the old engine and strictly by the new one."""

import pytest

from sandbox.messages.envelopes import RefusalError
from sandbox.messages.request import parse_json
from sandbox.values.payload import payload_of


def test_what_a_row_lacks_is_filled_in_from_the_top() -> None:
    body = {"period": "202610", "orgUnit": "ou", "attributeOptionCombo": "aoc"}
    body |= {"dataValues": [{"dataElement": "de"}, {"dataElement": "de", "period": "202609"}]}

    first, second = payload_of(body, strict=True).rows

    assert (first.period, second.period) == ("202610", "202609")
    assert (first.attribute_option_combo, first.own_attribute_combo) == ("aoc", None)


def test_a_number_keeps_its_text_and_only_the_old_engine_takes_it() -> None:
    body = parse_json('{"dataValues": [{"value": 1.50}]}')

    assert payload_of(body, strict=False).rows[0].value == "1.50"
    with pytest.raises(RefusalError, match=r"`\$\.value` .*NUMBER: 1\.50") as refusal:
        payload_of(body, strict=True)
    assert refusal.value.status == 500


def test_a_flag_in_quotes_is_true_to_the_old_engine_only() -> None:
    body = {"dataValues": [{"deleted": "true"}]}

    assert payload_of(body, strict=False).rows[0].deleted
    with pytest.raises(RefusalError, match="BOOLEAN"):
        payload_of(body, strict=True)


def test_the_generations_spell_follow_up_differently() -> None:
    body = {"dataValues": [{"followup": True}, {"followUp": True}]}

    assert [one.followup for one in payload_of(body, strict=False).rows] == [True, False]
    assert [one.followup for one in payload_of(body, strict=True).rows] == [False, True]
