"""`filter=` lists the objects that fulfil a condition."""

import pytest

from sandbox.messages.envelopes import RefusalError
from sandbox.messages.fields import FieldReader
from sandbox.metadata.filters import matches
from sandbox.state.objects import Objects
from tests.sandbox.value_world import table

READER = FieldReader(Objects({"categoryCombos": [{"id": "ccSex000001", "name": "Sex"}]}))
ITEM = {"id": "de", "name": "Fever cases", "categoryCombo": {"id": "ccSex000001"}}

CONDITIONS = table("""
    condition              | fulfilled
    name:eq:Fever cases    | yes
    name:eq:fever cases    | no
    name:ieq:fever cases   | yes
    name:!eq:Deaths        | yes
    id:in:[a,de]           | yes
    id:!in:[a,de]          | no
    name:ilike:FEVER       | yes
    name:$like:Fever       | yes
    name:like$:Fever       | no
    code:null              | yes
    code:!null             | no
    code:eq:X              | no
    code:!eq:X             | no
    categoryCombo.name:eq:Sex | yes
""")


@pytest.mark.parametrize(("condition", "fulfilled"), CONDITIONS)
def test_an_object_fulfils_a_condition_or_does_not(condition: str, fulfilled: str) -> None:
    assert matches(READER, ITEM, condition) is (fulfilled == "yes")


def test_an_unknown_operator_is_refused() -> None:
    with pytest.raises(RefusalError) as refusal:
        matches(READER, ITEM, "name:resembles:Fever")

    assert (refusal.value.status, refusal.value.code) == (400, "E1003")
