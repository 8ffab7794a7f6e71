"""A question in SQL is answered from one finished publication, and reads nothing else."""

from pathlib import Path

import polars as pl
import pytest

from pipeline.publish.query import query
from pipeline.text.errors import RefusedError, TallyError, UsageError
from tests.support.small_publication import World

QUESTION = "select org_unit, value from data_values order by value desc"
OUTSIDE = (
    "from read_text('{file}')",
    "from read_csv('{file}')",
    "select content from read_blob('{file}')",
    "from '{file}'",
    "from glob('{folder}/*')",
    "from query_table('{file}')",
    "from query('from ''{file}''')",
    "from sniff_csv('{file}')",
    "from read_json('{file}')",
    "from parquet_metadata('{file}')",
    "summarize '{file}'",
    "from read_text('http://127.0.0.1/')",
    "from duckdb_secrets()",
    "select getenv('HOME')",
)
COMMANDS = (
    "attach '{file}' as other",
    "copy runs to '{folder}/out.csv'",
    "export database '{folder}/out'",
    "create table mine as from runs",
    "delete from packed.runs",
    "with gone as (delete from packed.runs returning *) from gone",
    "alter table packed.runs add column mine int",
    "comment on table packed.runs is 'mine'",
    "create secret (type s3)",
    "from query('attach ''{file}'' as other')",
    "from enable_logging('QueryLog')",
    "use memory",
    "drop view runs",
    "set enable_external_access = true",
    "set threads = 1",
    "install httpfs",
    "load httpfs",
    "pragma database_list",
    "begin",
    "select 1; select 2",
    "-- nothing",
    "",
)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return World(tmp_path_factory.mktemp("home")).publish().file


def rows(file: Path, question: str, most: int | None = None) -> list[tuple[str | None, ...]]:
    with query(file, question, most) as told:
        return pl.concat(told.batches).rows()


def test_an_answer_is_text_with_the_kind_of_each_column(file: Path) -> None:
    question = (
        "select value, org_unit, value > 5 as many, [period] as periods, started_at::date as day"
        " from data_values, latest_run where value = 10"
    )
    with query(file, question) as told:
        assert list(told.kinds.values()) == ["double", "text", "truth", "nested", "text"]
        assert pl.concat(told.batches).rows() == [
            ("10", "ouClinicAA1", "true", '["202401"]', "2026-11-01")
        ]


def test_the_order_of_the_question_is_kept(file: Path) -> None:
    assert rows(file, f"{QUESTION};") == [("ouClinicAA1", "10"), ("ouClinicCC3", "3")]
    assert rows(file, f"{QUESTION} -- the greatest first", 1) == [("ouClinicAA1", "10")]


def test_whatever_is_asked_in_sql_is_answered(file: Path) -> None:
    assert ("state_at",) in rows(file, "select function_name from duckdb_functions()")
    assert rows(file, "show tables")[0] == ("category_option_combos",)
    assert rows(file, "describe runs")[0][:2] == ("run_id", "VARCHAR")
    assert rows(file, "summarize data_values")[0][0] == "data_element"
    assert rows(file, "with one as (select 1 as a) select a, a, a+1 as a_1 from one") == [
        ("1", "1", "2")
    ]
    assert rows(file, "from range(120_000)", 100_000)[-1] == ("99999",)


@pytest.mark.parametrize("question", OUTSIDE)
def test_nothing_outside_of_the_publication_is_read(file: Path, question: str) -> None:
    secret = file.parent / "secret.csv"
    secret.write_text("password\n")

    with pytest.raises(UsageError, match=r"nothing outside|does not exist"):
        rows(file, question.format(file=secret, folder=file.parent))


@pytest.mark.parametrize("command", COMMANDS)
def test_only_one_question_is_answered(file: Path, command: str) -> None:
    before = sorted(file.parent.iterdir())

    with pytest.raises(UsageError):
        rows(file, command.format(file=file.parent / "other.duckdb", folder=file.parent))

    assert sorted(file.parent.iterdir()) == before


@pytest.mark.parametrize(
    ("question", "words", "place"),
    [
        ("select nope from runs", '"nope" not found', "line 1, letter 8 of the question: nope"),
        ("select *\nfrom run", 'Did you mean "runs"', "line 2, letter 6 of the question: run"),
        ("select\n\n  'é', from", "syntax error", "line 3, letter"),
        ("selec", "syntax error", "line 1, letter 1 of the question: selec"),
        (f"select {'1, ' * 60} nope", "nope", "line 1, letter 189 of the question: nope"),
        ("select cast(transfer as int) from runs", "Could not convert string", ""),
    ],
)
def test_a_mistake_is_told_with_its_place(
    file: Path, question: str, words: str, place: str
) -> None:
    with pytest.raises(UsageError) as letter:
        rows(file, question)

    assert words in letter.value.what
    assert letter.value.where.startswith(place)


def test_what_is_a_command_in_disguise_is_told_that_a_question_only_reads(file: Path) -> None:
    before = file.read_bytes()

    with pytest.raises(UsageError, match="may only read, so this one was refused"):
        rows(file, "from force_checkpoint()")

    assert file.read_bytes() == before


def test_a_damaged_publication_is_no_mistake_of_the_asker(tmp_path: Path) -> None:
    file = tmp_path / "damaged.duckdb"
    file.write_bytes(b"no database")

    with pytest.raises(RefusedError, match="cannot be read"):
        rows(file, "from runs")


def test_a_question_leaves_nothing_behind(file: Path) -> None:
    before = file.read_bytes()

    with pytest.raises(TallyError):
        rows(file, "select error('stop')")
    rows(file, "select count(distinct hash(range)) from range(300_000)")

    assert file.read_bytes() == before
    assert not list(file.parent.glob("*.tmp"))
