"""DuckDB is opened by the rules of the house, and what goes wrong becomes a letter."""

import stat
from contextlib import suppress
from pathlib import Path

import pytest

from pipeline.store.database import (
    literal,
    open_database,
    open_for_questions,
    open_often,
    private_folder,
)
from pipeline.store.transfer import Store
from pipeline.text.errors import RefusedError, UsageError
from tests.support.small_world import CELLS, FIRST, commit


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


def test_a_folder_is_made_with_those_above_it_and_not_for_everybody(tmp_path: Path) -> None:
    private_folder(tmp_path / "a" / "b")
    private_folder(tmp_path / "a" / "b")

    modes = [stat.S_IMODE(folder.stat().st_mode) for folder in (tmp_path / "a", tmp_path / "a/b")]
    assert modes == [0o750, 0o750]


@pytest.mark.parametrize("text", ["plain", "it's", "''; drop table ledger; --", ""])
def test_a_text_is_one_literal_whatever_it_has(text: str) -> None:
    with open_database(None) as database:
        assert database.execute(f"select {literal(text)}").fetchall() == [(text,)]


def test_what_was_begun_when_an_error_passed_is_as_if_it_never_was(store: Store) -> None:
    commit(store, FIRST, {CELLS[0]: 1})

    with suppress(ZeroDivisionError), open_often(store.path) as database:
        database.begin()
        database.execute("delete from packed.snapshot_values")
        raise ZeroDivisionError

    assert store.snapshot().height == 1


def test_several_databases_are_open_at_once_and_each_is_its_own(tmp_path: Path) -> None:
    files = [tmp_path / "a.duckdb", tmp_path / "b's.duckdb"]
    for number, file in enumerate(files):
        with open_database(file) as made:
            made.execute(f"create table numbers as select {number} as number")

    with open_often(files[0]) as one, open_often(files[1], read_only=True) as other:
        found = [each.execute("from numbers").fetchall() for each in (one, other)]

    assert found == [[(0,)], [(1,)]]


def test_a_question_reads_no_other_file_and_changes_nothing(store: Store, tmp_path: Path) -> None:
    commit(store, FIRST, {CELLS[0]: 1})
    other = tmp_path / "other.csv"
    other.write_text("a\n1\n")

    for question in (f"from read_csv('{other}')", "set threads = 1", "from packed.nothing"):
        with (
            pytest.raises(UsageError) as letter,
            open_for_questions(store.path, question) as database,
        ):
            database.execute(question)
        assert letter.value.remedy


def test_a_file_that_is_no_database_is_a_letter_with_its_remedy(tmp_path: Path) -> None:
    file = tmp_path / "no.duckdb"
    file.write_text("this is no database " * 1000)

    with pytest.raises(RefusedError, match="`tally restore NAME`"), open_database(file):
        pass
    with pytest.raises(RefusedError, match="`tally publish NAME`"), open_for_questions(file, ""):
        pass
