"""Who may write into which cell: trees, locks, approvals and input periods."""

import pytest

from tests.sandbox.value_world import (
    ADMIN,
    DEFAULT,
    NEIGHBOUR,
    NEW,
    OLD,
    outcome,
    row,
    send,
    small_world,
    table,
)


def test_an_approved_cell_is_safe_on_the_new_server_only_if_the_row_has_an_attribute_combo() -> (
    None
):
    bare, full = row("deApproved1"), row("deApproved1", attributeOptionCombo=DEFAULT)
    for generation, sent, said in (
        (OLD, bare, "409 WARNING 0,0,1,0 E7642[0]"),
        (OLD, full, "409 WARNING 0,0,1,0 E7642[0]"),
        (NEW, bare, "200 SUCCESS 0,1,0,0"),
        (NEW, full, "409 ERROR 0,0,0,0 E8033[0]"),
    ):
        world = small_world()
        world.approvals.add(("dsApproved1", "202610", "ouClinic001", DEFAULT))

        body = {"dataSet": "dsApproved1", "dataValues": [sent]}
        assert outcome(send(world, generation, body, ADMIN)) == said


INPUT_PERIODS = table("""
    period | old                          | new
    202610 | 200 SUCCESS 1,0,0,0          | 409 ERROR 0,0,0,0 E8030[0]
    202609 | 409 WARNING 0,0,1,0 E7643[0] | 200 SUCCESS 0,1,0,0
    202608 | 409 WARNING 0,0,1,0 E7643[0] | 409 ERROR 0,0,0,0 E8030[0]
""")


@pytest.mark.parametrize(("period", "old", "new"), INPUT_PERIODS)
def test_the_first_new_servers_read_input_periods_the_wrong_way_round(
    period: str, old: str, new: str
) -> None:
    body = {"dataSet": "dsInput0001", "dataValues": [row("deInput0001", period=period)]}

    assert outcome(send(small_world(), OLD, body)) == old
    assert outcome(send(small_world(), NEW, body)) == new


def test_a_locked_cell_opens_by_exception_or_by_authority() -> None:
    body = {"dataSet": "dsLocked001", "dataValues": [row("deLocked001", period="202505")]}
    for generation, code in ((OLD, "E7640"), (NEW, "E8030")):
        world = small_world()
        assert code in outcome(send(world, generation, body))
        assert code in outcome(send(world, generation, body, force="true"))
        assert code not in outcome(send(world, generation, body, ADMIN))

        world.lock_exceptions.add(("dsLocked001", "202505", "ouClinic001"))

        assert code not in outcome(send(world, generation, body))


def test_nobody_writes_outside_his_tree() -> None:
    for generation, said in (
        (OLD, "409 WARNING 0,0,1,0 E7617[0]"),
        (NEW, "409 ERROR 0,0,0,0 E8011[0]"),
    ):
        assert outcome(send(small_world(), generation, [row()], NEIGHBOUR)) == said
