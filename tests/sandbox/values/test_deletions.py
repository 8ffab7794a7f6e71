"""What deletes a value: a zero, a flag, a strategy, or a deletion scope."""

import pytest

from tests.sandbox.value_world import (
    BOYS,
    NEW,
    OLD,
    cells,
    outcome,
    row,
    send,
    small_world,
    table,
)

ZEROS = table("""
    before     | old answer          | old cell  | new cell
    nothing    | 200 SUCCESS 0,0,0,0 | nothing   | 0
    a value    | 200 SUCCESS 0,0,0,1 | 0 deleted | 0
    a deletion | 200 SUCCESS 1,0,0,0 | 0         | 0
""")


@pytest.mark.parametrize(("before", "said", "old", "new"), ZEROS)
def test_a_zero_is_dropped_deletes_or_is_stored(before: str, said: str, old: str, new: str) -> None:
    for generation, expected in ((OLD, old), (NEW, new)):
        world = small_world()
        if before != "nothing":
            send(world, generation, [row(value="5")])
        if before == "a deletion":
            send(world, generation, [row(value="5", deleted=True)])

        answer = send(world, generation, [row(value="0")])

        assert cells(world).get("deInteger01", "nothing") == expected
        assert outcome(answer) == (said if generation == OLD else "200 SUCCESS 0,1,0,0")


DELETIONS = table("""
    generation | sent           | there | said                | cell
    2.42       | flag and value | yes   | 200 SUCCESS 0,0,0,1 | 5 deleted
    2.42       | flag           | yes   | 200 SUCCESS 0,0,0,1 | None deleted
    2.42       | flag and value | no    | 200 SUCCESS 1,0,0,0 | 5 deleted
    2.42       | flag           | no    | 200 SUCCESS 0,0,1,0 | nothing
    2.42       | strategy       | yes   | 200 SUCCESS 0,0,0,1 | None deleted
    2.42       | strategy       | no    | 200 SUCCESS 0,0,1,0 | nothing
    2.43       | flag and value | yes   | 200 SUCCESS 0,1,0,0 | 5 deleted
    2.43       | flag           | yes   | 200 SUCCESS 0,1,0,0 | None deleted
    2.43       | flag and value | no    | 200 SUCCESS 0,1,0,0 | 5 deleted
    2.43       | flag           | no    | 200 SUCCESS 0,1,0,0 | None deleted
    2.43       | strategy       | yes   | 200 SUCCESS 0,0,0,1 | None deleted
    2.43       | strategy       | no    | 200 SUCCESS 0,0,0,1 | None deleted
""")


@pytest.mark.parametrize(("generation", "sent", "there", "said", "cell"), DELETIONS)
def test_a_deletion_by_flag_or_by_strategy(
    generation: str, sent: str, there: str, said: str, cell: str
) -> None:
    world = small_world()
    if there == "yes":
        send(world, generation, [row(value="5")])
    value = "5" if "value" in sent else None
    strategy = "DELETE" if sent == "strategy" else "CREATE_AND_UPDATE"

    flagged = row(value=value, deleted="flag" in sent)
    answer = send(world, generation, [flagged], importStrategy=strategy)

    assert outcome(answer) == said
    assert cells(world).get("deInteger01", "nothing") == cell


def test_a_deletion_scope_is_for_the_new_engine() -> None:
    split = [
        row("deSplit0001", str(number), categoryOptionCombo=combo)
        for number, combo in ((1, BOYS), (2, "cocGirls001"))
    ]
    elements = [
        {"dataElement": "deSplit0001", "categoryOptionCombo": one["categoryOptionCombo"]}
        for one in split
    ]
    scope = {"orgUnits": ["ouClinic001"], "periods": ["202610"], "elements": elements}
    body = {"dataSet": "dsForm00001", "deletion": scope, "dataValues": split[:1]}
    for generation, said, girls in (
        (OLD, "200 SUCCESS 0,0,1,0", "2"),
        (NEW, "200 SUCCESS 0,1,0,2", "None deleted"),
    ):
        world = small_world()
        send(world, generation, split)

        assert outcome(send(world, generation, body)) == said
        assert cells(world) == {
            "deSplit0001.cocBoys0001": "1",
            "deSplit0001.cocGirls001": girls,
        }
