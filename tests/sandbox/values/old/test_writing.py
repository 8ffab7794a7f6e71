"""The old engine writes row by row, and may stop half way."""

from tests.sandbox.value_world import (
    OLD,
    cells,
    outcome,
    row,
    send,
    small_world,
)


def test_an_option_element_deleted_without_its_value_ends_the_old_import() -> None:
    world = small_world()
    send(world, OLD, [row("deOption001", "M")])

    answer = send(world, OLD, [row("deOption001", None, deleted=True), row()])

    assert outcome(answer) == "409 ERROR 0,0,0,0"
    assert cells(world) == {"deOption001": "M"}
