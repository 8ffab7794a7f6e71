"""A lock exception is added, listed and removed."""

from sandbox.data_sets.locks import add_lock_exception, lock_exceptions, remove_lock_exception
from sandbox.entry.context import Context
from tests.sandbox.value_world import CLERK, MONTH, NOW, small_world

CELL = {"ds": "dsForm00001", "pe": MONTH, "ou": "ouClinic001"}


def test_an_exception_is_listed_as_three_references() -> None:
    context = Context(small_world(), CLERK, NOW)

    add_lock_exception(context, CELL)
    add_lock_exception(context, CELL)

    assert lock_exceptions(context) == [
        {
            "dataSet": {"id": "dsForm00001"},
            "period": {"id": MONTH},
            "organisationUnit": {"id": "ouClinic001"},
        }
    ]


def test_from_2_43_on_a_period_is_told_by_type_and_dates_only_when_it_is_asked_for() -> None:
    context = Context(small_world(), CLERK, NOW)
    add_lock_exception(context, CELL)

    (without,) = lock_exceptions(context, with_period_ids=False)
    (told,) = lock_exceptions(context, with_period_ids=False, with_dates=True)

    assert without["period"] == {}
    assert told["period"]["periodType"] == "Monthly"
    assert told["period"]["startDate"].startswith(f"{MONTH[:4]}-{MONTH[4:]}-01T")


def test_an_exception_that_is_removed_is_gone_and_may_be_removed_again() -> None:
    context = Context(small_world(), CLERK, NOW)
    add_lock_exception(context, CELL)

    remove_lock_exception(context, CELL)
    remove_lock_exception(context, CELL)

    assert lock_exceptions(context) == []
