"""What ends an import as a whole."""

from tests.sandbox.value_world import (
    NEW,
    OLD,
    cells,
    outcome,
    row,
    send,
    small_world,
)


def test_a_nul_stops_the_old_engine_half_way_and_the_new_one_in_silence() -> None:
    rows = [row("deText00001", "a\0b"), row(value="2")]
    for generation, said, stored in (
        (OLD, "409 ERROR 0,0,0,0", "2"),
        (NEW, "200 SUCCESS 0,0,2,0", "1"),
    ):
        world = small_world()
        send(world, generation, [row(value="1")])

        assert outcome(send(world, generation, rows)) == said
        assert cells(world) == {"deInteger01": stored}
