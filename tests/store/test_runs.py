"""The store knows of each run what went into it, and how far it came."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipeline.store.transfer import Store
from pipeline.text.errors import RefusedError
from tests.support.small_world import CELLS, FIRST, NOON, SECOND, commit, record


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store" / "malaria.duckdb")


def test_a_run_goes_from_transformed_to_planned_to_loaded(store: Store) -> None:
    commit(store, FIRST, {CELLS[0]: 1})
    store.record_planned(FIRST, {"create": 3, "keep": 4}, NOON)
    store.record_planned(FIRST, {"create": 2}, NOON + timedelta(hours=1))
    store.record_loaded(FIRST, {"loaded": 2}, NOON + timedelta(hours=2))

    (run,) = store.runs().iter_rows(named=True)

    assert run["stage"] == "loaded"
    assert run["planned_at"] == datetime(2026, 11, 1, 13)  # noqa: DTZ001  # the store holds UTC
    assert run["loaded_at"] == datetime(2026, 11, 1, 14)  # noqa: DTZ001  # the store holds UTC
    with pytest.raises(RefusedError, match="cannot be planned again"):
        store.record_planned(FIRST, {}, NOON)
    with pytest.raises(RefusedError, match="has no run"):
        store.record_loaded(SECOND, {}, NOON)


def test_the_latest_run_tells_what_went_into_it(store: Store) -> None:
    assert store.latest_run() is None
    commit(store, FIRST, {})
    commit(store, SECOND, {})

    assert store.latest_run() == record(SECOND)
