"""The snapshot is what tracker says now, and every run before can be asked for again."""

import itertools
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.store.records import Image, SnapshotChange
from pipeline.store.transfer import Store
from pipeline.text.errors import RefusedError
from tests.support.small_world import (
    CELLS,
    EVERY_KEY,
    EVERYTHING,
    FIRST,
    KNOWN,
    NOON,
    SECOND,
    TARGET,
    THIRD,
    cells,
    closings,
    commit,
    openings,
    state,
    state_at,
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store" / "malaria.duckdb")


def test_a_run_counts_what_appeared_changed_vanished_and_stayed(store: Store) -> None:
    a, b, c, d = CELLS[:4]

    assert commit(store, FIRST, {a: 1, b: 2, c: 3}) == SnapshotChange(3, 0, 0, 0)
    assert commit(store, SECOND, {a: 1, b: 20, d: 4}) == SnapshotChange(1, 1, 1, 1)

    assert state(store.snapshot()) == {a: 1, b: 20, d: 4}
    assert state_at(store, FIRST) == {a: 1, b: 2, c: 3}
    assert store.changes(FIRST, SECOND).rows() == sorted(
        [(b, 2.0, 20.0), (c, 3.0, None), (d, None, 4.0)]
    )


def test_outside_the_image_silence_means_nothing(store: Store) -> None:
    january, february = CELLS[0], CELLS[6]
    commit(store, FIRST, {january: 1, february: 2})
    asked = EVERYTHING._replace(periods=KNOWN.periods.filter(period="202402").select("id"))

    assert commit(store, SECOND, {}, image=asked) == SnapshotChange(0, 0, 1, 0)

    assert state(store.snapshot()) == {january: 1}


def test_an_unknown_cell_stays_as_it_was_whether_it_has_a_number_or_not(store: Store) -> None:
    a, b, c = CELLS[:3]
    commit(store, FIRST, {a: 1, b: 2})

    found = commit(store, SECOND, {b: 7, c: 3}, unknown=cells(a, b, c))

    assert found == SnapshotChange(0, 0, 0, 0)
    assert state(store.snapshot()) == {a: 1, b: 2}


def test_the_newest_run_may_commit_again_until_it_is_planned(store: Store) -> None:
    a, b, c = CELLS[:3]
    commit(store, FIRST, {a: 1, b: 2})
    commit(store, SECOND, {a: 10, c: 3})

    assert commit(store, SECOND, {a: 1, b: 5}) == SnapshotChange(0, 1, 0, 1)
    assert state(store.snapshot()) == {a: 1, b: 5}
    assert store.runs()["run_id"].to_list() == [SECOND, FIRST]

    store.record_planned(SECOND, {"update": 1}, NOON)
    with pytest.raises(RefusedError, match="is planned"):
        commit(store, SECOND, {a: 2})
    assert state(store.snapshot()) == {a: 1, b: 5}


def test_an_older_run_cannot_commit(store: Store) -> None:
    commit(store, SECOND, {CELLS[0]: 1})

    with pytest.raises(RefusedError, match="cannot make its values anew"):
        commit(store, FIRST, {CELLS[0]: 2})


def test_a_run_before_one_that_was_read_back_into_a_new_store_cannot_commit(store: Store) -> None:
    commit(store, FIRST, {CELLS[0]: 1})
    store.write_ledger(THIRD, TARGET, openings({CELLS[0]: 1}), closings({}), NOON)

    with pytest.raises(RefusedError, match=f"run {THIRD} is loaded"):
        commit(store, SECOND, {CELLS[0]: 2})
    assert commit(store, THIRD, {CELLS[0]: 3}).changed == 1
    assert store.check() == []
    assert [state_at(store, run_id) for run_id in (FIRST, SECOND, THIRD)] == [
        {CELLS[0]: 1},
        {CELLS[0]: 1},
        {CELLS[0]: 3},
    ]


def test_a_cell_tells_its_history(store: Store) -> None:
    for run_id, value in ((FIRST, 3.0), (SECOND, 4.0)):
        commit(store, run_id, {CELLS[0]: value})
    commit(store, THIRD, {})

    key = EVERY_KEY.row(0)

    assert store.cell_history(*key).select("run_id", "old_value", "new_value").rows() == [
        (FIRST, None, 3.0),
        (SECOND, 3.0, 4.0),
        (THIRD, 4.0, None),
    ]
    assert store.cell_history("deUnknownX1", *key[1:]).is_empty()


@st.composite
def snapshots(draw: st.DrawFn) -> tuple[dict[int, float], Image, list[int]]:
    """Draw what one run asked, what it was told, and what it does not believe."""
    axes = [draw(st.sets(st.sampled_from(frame["id"].to_list()), min_size=1)) for frame in KNOWN]
    image = Image(*(pl.DataFrame({"id": sorted(axis)}, schema={"id": pl.UInt64}) for axis in axes))
    inside = [cell for cell in CELLS if in_image(cell, axes)]
    values = draw(st.dictionaries(st.sampled_from(inside), st.integers(0, 3).map(float)))
    unknown = draw(st.lists(st.sampled_from(inside), max_size=3, unique=True))
    return values, image, unknown


def in_image(cell: int, axes: list[set[int]]) -> bool:
    parts = (cell >> 48, (cell >> 28) & 0xFFFFF, cell & 0xFFFFFFF)
    return all(part in axis for part, axis in zip(parts, axes, strict=True))


def remembered(
    before: dict[int, float], values: dict[int, float], image: Image, unknown: list[int]
) -> dict[int, float]:
    """Say, one cell at a time, what must be known after a run."""
    after = {}
    axes = [set(frame["id"].to_list()) for frame in image]
    for cell in CELLS:
        believed = in_image(cell, axes) and cell not in unknown
        told = values if believed else before
        if cell in told:
            after[cell] = told[cell]
    return after


@settings(max_examples=10)
@given(st.lists(snapshots(), min_size=1, max_size=4))
def test_the_state_at_any_run_is_what_was_known_then(
    tmp_path_factory: pytest.TempPathFactory,
    asked: list[tuple[dict[int, float], Image, list[int]]],
) -> None:
    store = Store(tmp_path_factory.mktemp("history") / "malaria.duckdb")
    history: dict[str, dict[int, float]] = {"": {}}
    for day, (values, image, unknown) in enumerate(asked, start=1):
        run_id = f"202611{day:02d}T020000Z"
        commit(store, run_id, values, image, cells(*unknown))
        history[run_id] = remembered(list(history.values())[-1], values, image, unknown)

    assert {run_id: state_at(store, run_id) for run_id in history} == history
    assert state(store.snapshot()) == list(history.values())[-1]
    for earlier, later in itertools.combinations(history, 2):
        before, after = history[earlier], history[later]
        assert store.changes(earlier, later).rows() == [
            (cell, before.get(cell), after.get(cell))
            for cell in CELLS
            if before.get(cell) != after.get(cell)
        ]
