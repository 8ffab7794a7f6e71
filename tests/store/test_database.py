"""DuckDB is opened by the rules of the house, and what goes wrong becomes a letter."""

from pathlib import Path

import pytest

from pipeline.store.database import open_database
from pipeline.store.transfer import Store
from tests.support.small_world import FIRST, commit


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store" / "malaria.duckdb")


def test_no_extension_is_ever_fetched(store: Store) -> None:
    commit(store, FIRST, {})
    with open_database(store.path) as database:
        settings_of_house = database.execute(
            "select name, value from duckdb_settings() where name in ("
            "'autoinstall_known_extensions', 'autoload_known_extensions',"
            " 'allow_community_extensions', 'TimeZone') order by name"
        ).fetchall()

    assert dict(settings_of_house) == {
        "TimeZone": "UTC",
        "allow_community_extensions": "false",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
