"""The new engine writes a group: everything, everything but bad values, or nothing."""

from tests.sandbox.value_world import (
    NEW,
    cells,
    outcome,
    row,
    send,
    small_world,
)


def test_one_bad_value_ends_an_atomic_import_of_the_new_engine() -> None:
    world = small_world()

    answer = send(world, NEW, [row(), row("deNumber001", "x")], atomic="true")

    assert outcome(answer) == "409 ERROR 0,0,0,0 E8000[0,1]"
    assert cells(world) == {}
