"""The shape of an answer: everything everywhere, or each thing once."""

import pytest

from sandbox.messages.envelopes import RefusalError
from tests.sandbox.value_world import (
    COUNTRY,
    DEFAULT,
    FORM_CELL,
    MONTH,
    NEW,
    OLD,
    filled,
    look,
    table,
)


def test_the_old_server_writes_every_field_into_every_value() -> None:
    answer = look(filled(OLD), OLD, FORM_CELL)

    assert {name: answer[name] for name in FORM_CELL} == FORM_CELL
    assert answer["dataValues"][0] == {
        "dataElement": "deInteger01",
        "period": MONTH,
        "orgUnit": "ouClinic001",
        "categoryOptionCombo": DEFAULT,
        "attributeOptionCombo": DEFAULT,
        "value": "1",
        "storedBy": "clerk",
        "created": "2026-11-23T12:00:00.000+0000",
        "lastUpdated": "2026-11-23T12:00:00.000+0000",
        "comment": None,
        "followup": False,
    }


def test_the_new_server_says_once_what_the_query_named_once() -> None:
    answer = look(filled(NEW), NEW, FORM_CELL)

    assert {name: answer[name] for name in FORM_CELL} == FORM_CELL
    assert answer["dataValues"][0] == {
        "dataElement": "deInteger01",
        "categoryOptionCombo": DEFAULT,
        "attributeOptionCombo": DEFAULT,
        "value": "1",
        "storedBy": "clerk",
        "created": "2026-11-23T12:00:00.000+0000",
        "lastUpdated": "2026-11-23T12:00:00.000+0000",
    }


ROOTS = table("""
    asked                        | old                                | new
    one of each                  | completeDate dataSet orgUnit period | dataSet orgUnit period
    children                     | completeDate dataSet orgUnit period | dataSet period
    two periods                  |                                    | dataSet orgUnit
    an attribute option combo    | completeDate dataSet orgUnit period | attributeOptionCombo dataSet orgUnit period
    elements instead of a set    |                                    | orgUnit period
""")  # noqa: E501 - a line of the table is a line of the table


QUERIES = {
    "one of each": FORM_CELL,
    "children": COUNTRY,
    "two periods": FORM_CELL | {"period": [MONTH, "202609"]},
    "an attribute option combo": FORM_CELL | {"attributeOptionCombo": DEFAULT},
    "elements instead of a set": {
        "dataElement": "deInteger01",
        "period": MONTH,
        "orgUnit": "ouClinic001",
    },
}


@pytest.mark.parametrize(("asked", "old", "new"), ROOTS)
def test_what_stands_at_the_root(asked: str, old: str, new: str) -> None:
    for generation, expected in ((OLD, old), (NEW, new)):
        answer = look(filled(generation), generation, QUERIES[asked])

        assert sorted(set(answer) - {"dataValues"}) == expected.split()


def test_a_name_that_is_missing_is_null_on_the_old_server_and_refuses_on_the_new() -> None:
    query = FORM_CELL | {"orgUnitIdScheme": "CODE"}

    answer = look(filled(OLD), OLD, query)
    assert {value["orgUnit"] for value in answer["dataValues"]} == {None}
    with pytest.raises(RefusalError, match="Export as CODE not possible") as refusal:
        look(filled(NEW), NEW, query)
    assert refusal.value.code == "E8202"
