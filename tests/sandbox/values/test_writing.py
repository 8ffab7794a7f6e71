"""What an import does beside storing good rows: strategies, dry runs, comments, completeness."""

from hypothesis import given
from hypothesis import strategies as st

from tests.sandbox.value_world import (
    CLERK,
    NEW,
    OLD,
    cells,
    outcome,
    row,
    send,
    small_world,
)


def test_new_changed_and_unchanged_values_are_told_apart_by_the_old_engine_only() -> None:
    rows = [row(value="1"), row("deNumber001", "2"), row("deText00001", "new")]
    for generation, expected in ((OLD, "200 SUCCESS 1,1,1,0"), (NEW, "200 SUCCESS 0,3,0,0")):
        world = small_world()
        send(world, generation, [row(value="1"), row("deNumber001", "1")])

        assert outcome(send(world, generation, rows)) == expected


def test_create_and_update_matter_to_the_old_engine_only() -> None:
    for strategy, stored in (("CREATE", {"deInteger01": "1"}), ("UPDATE", {})):
        old, new = small_world(), small_world()
        if strategy == "CREATE":
            send(old, OLD, [row(value="1")])

        missed = send(old, OLD, [row(value="2")], importStrategy=strategy)
        taken = send(new, NEW, [row(value="2")], importStrategy=strategy)

        assert outcome(missed) == "200 SUCCESS 0,0,1,0"
        assert missed[1]["response"]["rejectedIndexes"] == [0]
        assert cells(old) == stored
        assert outcome(taken) == "200 SUCCESS 0,1,0,0"


def test_a_comment_is_overwritten_by_nothing() -> None:
    for generation in (OLD, NEW):
        world = small_world()
        send(world, generation, [row(value="1", comment="by hand", storedBy="somebody")])
        (value,) = world.values.values()
        said_by = "somebody" if generation == OLD else "clerk"
        assert (value.comment, value.stored_by) == ("by hand", said_by)

        send(world, generation, [row(value="1")])

        (value,) = world.values.values()
        assert (value.comment, value.stored_by) == (None, "clerk")


def test_a_dry_run_counts_and_writes_nothing() -> None:
    for generation, said in ((OLD, "200 SUCCESS 1,0,0,0"), (NEW, "200 SUCCESS 0,1,0,0")):
        world = small_world()

        assert outcome(send(world, generation, [row()], dryRun="true")) == said
        assert cells(world) == {}


def test_a_complete_date_completes_beside_refused_rows_on_the_old_server_only() -> None:
    body = {
        "dataSet": "dsForm00001",
        "period": "202610",
        "orgUnit": "ouClinic001",
        "completeDate": "2026-11-04",
        "dataValues": [row(), row("deNumber001", "x")],
    }
    for generation, complete in ((OLD, "2026-11-04"), (NEW, "false")):
        world = small_world()

        _, answer = send(world, generation, body)

        assert answer["response"]["dataSetComplete"] == complete
        assert len(world.registrations) == (generation == OLD)


SITES = st.sampled_from(["ouClinic001", "ouClinic002"])


NUMBERS = st.integers(min_value=1, max_value=10**9).map(str)


@given(st.dictionaries(st.tuples(st.sampled_from(["deInteger01", "deNumber001"]), SITES), NUMBERS))
def test_two_engines_store_the_same_good_rows_and_a_second_load_changes_no_value(
    numbers: dict[tuple[str, str], str],
) -> None:
    rows = [row(element, number, orgUnit=site) for (element, site), number in numbers.items()]
    stored = []
    for generation in (OLD, NEW):
        world = small_world()
        send(world, generation, rows, CLERK)
        once = cells(world)
        send(world, generation, rows, CLERK)
        assert cells(world) == once
        stored.append(once)
    assert stored[0] == stored[1]
    assert sorted(stored[0].values()) == sorted(numbers.values())
