"""A store is made of what the SQL says, and the checks are asked that concern what changed."""

from collections.abc import Iterator

import pytest

import sql
from pipeline.store.database import open_database
from pipeline.store.records import Database, FailedCheck
from pipeline.store.steps import do, failed_checks, insist, prepare, query_frame, refuse_newer
from pipeline.text.errors import RefusedError, TallyError


@pytest.fixture
def database() -> Iterator[Database]:
    with open_database(None) as opened:
        prepare(opened)
        yield opened


def tables(database: Database) -> set[str]:
    query = "select 'packed.' || table_name from duckdb_tables() where schema_name = 'packed'"
    return {name for (name,) in database.execute(query).fetchall()}


def test_a_store_has_every_table_of_its_schema_and_no_other(database: Database) -> None:
    assert tables(database) == {name for name in sql.names("tables") if name.startswith("packed.")}


def test_a_table_that_an_older_tally_did_not_have_is_made_and_the_others_stay(
    database: Database,
) -> None:
    do(database, "add_comparison", "a run", "a file", "2026-11-01", 0.0, 0.0)
    database.execute("drop table packed.late_corrections")

    prepare(database)

    assert "packed.late_corrections" in tables(database)
    assert query_frame(database, "select run_id from packed.comparisons").rows() == [("a run",)]
    assert query_frame(database, "from packed.store_version").height == 1


def test_tables_of_a_newer_tally_are_refused(database: Database) -> None:
    refuse_newer(database, "packed")
    database.execute("update packed.store_version set version = version + 1")

    with pytest.raises(RefusedError, match="use the newer Tally"):
        refuse_newer(database, "packed")


def test_a_check_that_finds_a_bad_row_is_named_with_its_rows(database: Database) -> None:
    database.execute("insert into packed.org_units values (1, 'ouA'), (2, 'ouA')")

    (failed,) = failed_checks(database)

    assert failed == FailedCheck("dictionary_texts_twice", 1)
    with pytest.raises(TallyError, match=r"contradict itself: dictionary_texts_twice \(1\)"):
        insist(database)


def test_only_checks_that_read_one_of_the_tables_are_asked(database: Database) -> None:
    database.execute("insert into packed.org_units values (1, 'ouA'), (2, 'ouA')")

    assert failed_checks(database, tables={"ledger"}) == []
    assert [one.check for one in failed_checks(database, tables={"org_units"})] == [
        "dictionary_texts_twice"
    ]
    insist(database, tables={"ledger"})
