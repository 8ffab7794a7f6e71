"""A query that lacks something, or reaches outside the tree, is refused."""

from dataclasses import replace

import pytest

from sandbox.messages.envelopes import RefusalError
from sandbox.values.selection import EmptyAnswerError
from tests.sandbox.value_world import (
    ADMIN,
    CLERK,
    FORM_CELL,
    MONTH,
    NEIGHBOUR,
    NEW,
    OLD,
    filled,
    look,
)

REFUSED = [
    ({"period": MONTH, "orgUnit": "ouClinic001"}, "E2001", "E2001"),
    ({"dataSet": "dsForm00001", "orgUnit": "ouClinic001"}, "E2002", "E2002"),
    ({"dataSet": "dsForm00001", "period": MONTH}, "E2006", "E2006"),
    (FORM_CELL | {"dataSet": "dsNowhere01"}, "E2001", "0 values"),
    (FORM_CELL | {"orgUnit": "ouNowhere01"}, "E2006", "0 values"),
    (FORM_CELL | {"period": "2025XX"}, "E2002", "400"),
    (FORM_CELL | {"limit": "many"}, "400", "400"),
    (FORM_CELL | {"lastUpdated": "yesterday"}, "400", "400"),
    (FORM_CELL | {"orgUnitGroup": "group", "children": "true"}, "E2008", "E2007"),
    (
        {"dataSet": "dsForm00001", "orgUnit": "ouClinic001", "lastUpdated": "2026-11-23"},
        "2 values",
        "E2002",
    ),
]


@pytest.mark.parametrize(("query", "old", "new"), REFUSED)
def test_a_question_that_lacks_something_or_cannot_be_read_is_refused(
    query: dict[str, str], old: str, new: str
) -> None:
    for generation, expected in ((OLD, old), (NEW, new)):
        try:
            result = f"{len(look(filled(generation), generation, query)['dataValues'])} values"
        except RefusalError as refusal:
            result = refusal.code or str(refusal.status)

        assert (generation, result) == (generation, expected)


def test_outside_the_tree_the_old_server_is_silent_and_the_new_one_says_so() -> None:
    with pytest.raises(EmptyAnswerError):
        look(filled(OLD), OLD, FORM_CELL, NEIGHBOUR)
    with pytest.raises(RefusalError, match="not allowed to view") as refusal:
        look(filled(NEW), NEW, FORM_CELL, NEIGHBOUR)
    assert refusal.value.code == "E2012"


def test_the_old_server_reads_by_the_data_view_and_the_new_one_by_either() -> None:
    one, other = "ouClinic001", "ouClinic002"
    user = replace(CLERK, org_units=(one,), data_view_org_units=(other,))

    with pytest.raises(EmptyAnswerError):
        look(filled(OLD), OLD, FORM_CELL, user)
    assert look(filled(OLD), OLD, FORM_CELL | {"orgUnit": other}, user)["dataValues"]
    for unit in (one, other):
        assert look(filled(NEW), NEW, FORM_CELL | {"orgUnit": unit}, user)["dataValues"]


def test_an_org_unit_group_is_empty_on_the_new_server_for_all_but_superusers() -> None:
    query = {"dataSet": "dsForm00001", "period": MONTH, "orgUnitGroup": "oug00000001"}
    group = {"id": "oug00000001", "organisationUnits": [{"id": "ouClinic001"}]}
    for generation, user, found in ((OLD, CLERK, 2), (NEW, CLERK, 0), (NEW, ADMIN, 2)):
        world = filled(generation)
        world.metadata["organisationUnitGroups"] = [group]

        assert len(look(world, generation, query, user)["dataValues"]) == found
