"""A read gives the values that its query selects."""

from datetime import timedelta

import pytest

from tests.sandbox.value_world import (
    COUNTRY,
    FORM_CELL,
    NEW,
    NOW,
    OLD,
    filled,
    look,
    table,
)


def test_deleted_values_come_only_when_asked_for() -> None:
    for generation in (OLD, NEW):
        world = filled(generation)
        usual = look(world, generation, FORM_CELL)["dataValues"]
        everything = look(world, generation, FORM_CELL | {"includeDeleted": "true"})["dataValues"]

        assert [value["value"] for value in usual] == ["1", "3"]
        assert [value["value"] for value in everything if value.get("deleted")] == ["gone"]


NARROWED = [
    ({"lastUpdated": "2026-11-23"}, 3),
    ({"lastUpdated": "2026-11-24"}, 0),
    ({"lastUpdatedDuration": "1d"}, 3),
    ({"limit": "1"}, 1),
    ({"limit": "0"}, 0),
    ({"attributeOptionCombo": "cocBoys0001"}, 0),
]


@pytest.mark.parametrize(("more", "found"), NARROWED)
def test_a_read_may_be_narrowed(more: dict[str, str], found: int) -> None:
    for generation in (OLD, NEW):
        assert len(look(filled(generation), generation, COUNTRY | more)["dataValues"]) == found


DATES = table("""
    first      | last       | found
    2026-10-01 | 2026-10-31 | 2
    2026-08-15 | 2026-11-15 | 2
    2026-10-02 | 2026-10-31 | 0
    2026-10-01 | 2026-10-30 | 0
""")


@pytest.mark.parametrize(("first", "last", "found"), DATES)
def test_dates_give_the_periods_that_lie_wholly_between_them(
    first: str, last: str, found: str
) -> None:
    query = {"dataSet": "dsForm00001", "orgUnit": "ouClinic001"}
    for generation in (OLD, NEW):
        answer = look(
            filled(generation), generation, {**query, "startDate": first, "endDate": last}
        )

        assert len(answer["dataValues"]) == int(found)


def test_a_value_written_later_is_found_by_its_time() -> None:
    world = filled(NEW)
    first = next(iter(world.values.values()))
    first.last_updated = NOW - timedelta(days=3)

    assert len(look(world, NEW, FORM_CELL | {"lastUpdatedDuration": "2d"})["dataValues"]) == 1
