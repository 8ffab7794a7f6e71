"""`fields=` shows the members that were asked for, stored or derived, through references."""

from typing import Any

from sandbox.messages.fields import FieldReader, read_fields
from sandbox.state.objects import Objects

OBJECTS = Objects(
    {
        "categoryCombos": [{"id": "ccDefault01", "name": "default"}],
        "dataElements": [
            {"id": "deElement01", "name": "Cases", "categoryCombo": {"id": "ccDefault01"}}
        ],
    }
)


def shown(fields: str) -> dict[str, Any]:
    return FieldReader(OBJECTS).show(OBJECTS.by_id["deElement01"], read_fields(fields))


def test_names_nest_in_brackets() -> None:
    assert read_fields("id,parent[id,name],code") == {
        "id": {},
        "parent": {"id": {}, "name": {}},
        "code": {},
    }


def test_a_reference_is_followed_and_derived_members_are_shown() -> None:
    assert shown("displayName,categoryCombo[name,isDefault]") == {
        "displayName": "Cases",
        "categoryCombo": {"name": "default", "isDefault": True},
    }


def test_an_unknown_member_is_left_out_in_silence() -> None:
    assert shown("id,colour") == {"id": "deElement01"}


def test_a_star_shows_what_is_stored_and_what_is_derived() -> None:
    assert shown("*").keys() == {"id", "name", "categoryCombo", "displayName", "dataSetElements"}
