"""The ledger knows which cells are ours, and how each became ours or ceased to be."""

from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.store.database import open_database
from pipeline.store.transfer import Store
from pipeline.text.errors import TallyError
from tests.support.small_world import (
    CELLS,
    FIRST,
    NOON,
    SECOND,
    TARGET,
    THIRD,
    closings,
    commit,
    openings,
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store" / "malaria.duckdb")


def test_the_ledger_opens_and_closes(store: Store) -> None:
    commit(store, FIRST, dict.fromkeys(CELLS[:3], 1.0))
    store.write_ledger(FIRST, TARGET, openings({CELLS[0]: 1, CELLS[1]: 2}), closings({}), NOON)
    later = NOON + timedelta(days=1)
    store.write_ledger(
        SECOND, TARGET, openings({CELLS[1]: 3}), closings({CELLS[0]: "retracted"}), later
    )

    assert store.ledger(TARGET).rows() == [(CELLS[1], 3.0)]
    assert store.ledger("another server").is_empty()
    assert store.check() == []


def test_writing_the_ledger_twice_changes_nothing(store: Store) -> None:
    commit(store, FIRST, dict.fromkeys(CELLS[:3], 1.0))
    adopted = openings({CELLS[0]: 1}, "adopted")
    store.write_ledger(FIRST, TARGET, adopted, closings({}), NOON)
    for minutes in (1, 2):
        at = NOON + timedelta(days=1, minutes=minutes)
        loaded = openings({CELLS[1]: 5})
        store.write_ledger(SECOND, TARGET, loaded, closings({CELLS[0]: "closed"}), at)

    assert store.ledger(TARGET).rows() == [(CELLS[1], 5.0)]
    assert store.ledger_events().select("run_id", "cell", "event", "value").rows() == [
        (FIRST, CELLS[0], "adopted", 1.0),
        (SECOND, CELLS[0], "closed", 1.0),
        (SECOND, CELLS[1], "loaded", 5.0),
    ]


def test_a_cell_that_is_closed_and_opened_at_once_is_open(store: Store) -> None:
    commit(store, FIRST, {CELLS[0]: 1})
    store.write_ledger(FIRST, TARGET, openings({CELLS[0]: 1}), closings({}), NOON)
    for _ in range(2):
        closed = closings({CELLS[0]: "closed"})
        store.write_ledger(SECOND, TARGET, openings({CELLS[0]: 2}), closed, NOON)

    assert store.ledger(TARGET).rows() == [(CELLS[0], 2.0)]
    assert store.check() == []


def test_a_cell_that_no_dictionary_knows_never_enters_the_ledger(store: Store) -> None:
    commit(store, FIRST, {CELLS[0]: 1})
    nameless = openings({CELLS[0]: 1, CELLS[0] + 2**48 * 9: 1})

    with pytest.raises(TallyError, match="cells of the ledger these are: 1"):
        store.write_ledger(FIRST, TARGET, nameless, closings({}), NOON)

    assert store.ledger(TARGET).is_empty()


def test_a_ledger_that_was_tampered_with_is_noticed_at_the_end_of_a_load(store: Store) -> None:
    commit(store, FIRST, {CELLS[0]: 1})
    store.write_ledger(FIRST, TARGET, openings({CELLS[0]: 1}), closings({}), NOON)
    with open_database(store.path) as database:
        database.execute("update packed.ledger set value = value + 1")

    with pytest.raises(TallyError, match="ledger_that_events_do_not_explain"):
        store.record_loaded(FIRST, {"loaded": 1}, NOON)

    assert store.runs()["stage"].to_list() == ["transformed"]


def test_what_a_run_wrote_is_told_with_what_was_ours_before(store: Store) -> None:
    a, b, c, d = CELLS[:4]
    loads = {
        FIRST: (openings({a: 1, b: 2}), closings({})),
        SECOND: (openings({a: 10, c: 3}), closings({b: "retracted"})),
        THIRD: (openings({a: 11, d: 4}), closings({})),
    }
    for day, (run_id, (opened, closed)) in enumerate(loads.items()):
        commit(store, run_id, {a: 1})
        store.write_ledger(run_id, TARGET, opened, closed, NOON + timedelta(days=day))

    assert store.written_by(SECOND, TARGET).rows() == [
        (a, "loaded", 1.0, True),
        (b, "retracted", 2.0, False),
        (c, "loaded", None, False),
    ]
    assert store.written_by(SECOND, "another target").is_empty()
