"""A row names a cell to the old engine, or is refused for the first name that no object has."""

from typing import Any

import pytest

from sandbox.entry.context import Context
from sandbox.entry.import_options import ImportOptions, schemes_of
from sandbox.state.world import World
from sandbox.values.old.cells import Cell, Import, RowRefusal, binding_data_set, look_up
from sandbox.values.payload import payload_of
from tests.sandbox.value_world import BOYS, CLERK, DEFAULT, NOW, row, small_world


def looked_up(member: dict[str, Any], world: World | None = None) -> Cell | RowRefusal:
    job = Import(Context(world or small_world(), CLERK, NOW), ImportOptions(), schemes_of(), None)
    (sent,) = payload_of({"dataValues": [member]}, strict=False).rows
    return look_up(job, sent)


def test_a_row_without_combos_means_the_default_ones() -> None:
    cell = looked_up(row())

    assert isinstance(cell, Cell)
    assert (cell.option_combo, cell.attribute_combo) == (DEFAULT, DEFAULT)
    assert cell.data_set is not None
    assert cell.data_set["id"] == "dsForm00001"


UNKNOWN = [
    ({"dataElement": "deUnknown01"}, "E7610", "dataElement"),
    ({"period": "2026XX"}, "E7611", "period"),
    ({"orgUnit": "ouNowhere01"}, "E7612", "organisationUnit"),
    ({"categoryOptionCombo": "cocUnknown1"}, "E7613", "categoryOptionCombo"),
    ({"attributeOptionCombo": "cocUnknown1"}, "E7615", "categoryOptionCombo"),
]


@pytest.mark.parametrize(("members", "code", "named"), UNKNOWN)
def test_an_unknown_name_is_refused_with_its_code(
    members: dict[str, str], code: str, named: str
) -> None:
    refusal = looked_up(row() | members)

    assert isinstance(refusal, RowRefusal)
    conflict = refusal.conflict()
    (name,) = members.values()
    assert (conflict["errorCode"], conflict["objects"]) == (code, {named: name})
    assert conflict["object"] == name


def test_of_two_unknown_names_the_first_one_refuses_the_row() -> None:
    refusal = looked_up(row("deUnknown01", orgUnit="ouNowhere01", categoryOptionCombo=BOYS))

    assert isinstance(refusal, RowRefusal)
    assert refusal.code == "E7610"


def test_a_name_that_was_not_sent_is_shown_as_null_and_stands_in_no_object() -> None:
    refusal = looked_up({"period": "202610", "orgUnit": "ouClinic001", "value": "1"})

    assert isinstance(refusal, RowRefusal)
    assert refusal.text.endswith("`null`")
    assert refusal.conflict()["objects"] == {}


def test_an_element_without_data_set_is_bound_by_none_and_of_several_one_with_approval_binds() -> (
    None
):
    cell = looked_up(row("deHomeless1"))
    plain, approved = {"id": "a"}, {"id": "b", "workflow": {"id": "wf"}}

    assert isinstance(cell, Cell)
    assert cell.data_set is None
    assert binding_data_set([plain, approved]) == approved
    assert binding_data_set([plain]) == plain
