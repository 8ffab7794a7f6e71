"""Analysts open a publication with what they have: older DuckDBs, its command line, polars."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import sql
from pipeline.publish.stage import GUIDE
from tests.support.small_publication import World, answer
from tests.support.small_world import FIRST, SECOND

OLDER = ("client-oldest", "client-older")
NEWER = "this one"
ASK_EVERYTHING = """
import duckdb, sys
publication = duckdb.connect(sys.argv[1], read_only=True)
ask = lambda query: publication.execute(query).fetchall()
views = ask("select schema_name, view_name from duckdb_views() where not internal")
for schema, view in views:
    ask(f"from {schema}.{view}")
macros = ask(
    "select schema_name, function_name, function_type, len(parameters), comment"
    " from duckdb_functions() where not internal"
)
for schema, macro, kind, parameters, comment in macros:
    given = ", ".join(["'20261101T020000Z'" if kind == "table_macro" else "7"] * parameters)
    ask(f"{'from' if kind == 'table_macro' else 'select'} {schema}.{macro}({given})")
silent = ask("select column_name from duckdb_columns() where not internal and comment is null")
assert not silent, silent
print(duckdb.__version__, len(views), len(macros))
"""


def client(name: str) -> dict[str, str]:
    """Give the environment in which Python finds this DuckDB, or skip."""
    if name == NEWER:
        return dict(os.environ)
    folder = Path(sys.prefix) / name
    if not folder.is_dir():
        pytest.skip(f"an older DuckDB is not in {folder}; `make test` brings it, given a registry")
    path = os.pathsep.join([str(folder / "bin"), os.environ["PATH"]])
    return {**os.environ, "PYTHONPATH": str(folder), "PATH": path}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    world = World(tmp_path_factory.mktemp("home"))
    world.publish()
    return world.published


def recipe(published: Path, language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", guide(published), re.DOTALL)
    return str(found)


def guide(published: Path) -> str:
    return (published / GUIDE).read_text(encoding="utf-8")


def told(published: Path, environment: dict[str, str], *command: str) -> str:
    return subprocess.run(
        command, cwd=published, env=environment, capture_output=True, text=True, check=True
    ).stdout


@pytest.mark.parametrize("name", OLDER)
def test_every_view_and_macro_answers_an_older_client(published: Path, name: str) -> None:
    asked = told(published, client(name), sys.executable, "-c", ASK_EVERYTHING, "latest.duckdb")

    version, views, macros = asked.split()
    assert version == {"client-oldest": "1.2.2", "client-older": "1.5.6"}[name]
    assert int(views) == len(sql.names("views"))
    assert int(macros) == len(sql.names("macros"))


def test_the_recipe_for_the_command_line_is_true(published: Path) -> None:
    asked = told(published, client("client-older"), "sh", "-c", recipe(published, "sh"))

    assert re.search(r"202401\D+13\.0", asked)


@pytest.mark.parametrize("name", [*OLDER, NEWER])
def test_the_recipe_for_python_is_true(published: Path, name: str) -> None:
    asked = told(published, client(name), sys.executable, "-c", recipe(published, "python"))

    assert asked.splitlines() == ["('Clinic A', 10.0)", "(None, 3.0)"]


def test_the_recipe_for_polars_is_true(published: Path) -> None:
    asked = told(published, client(NEWER), sys.executable, "-c", recipe(published, "polars"))

    assert re.search(rf"{SECOND}\W+202401\W+13\.0", asked)


def test_the_questions_of_the_guide_have_answers(published: Path) -> None:
    questions = re.findall(r"```sql\n(.*?)```", guide(published), re.DOTALL)

    counted = [len(answer(published / "latest.duckdb", question)) for question in questions]

    assert counted == [15, 3, 2, 0]


def test_the_guide_names_everything_that_analysts_may_ask(published: Path) -> None:
    named = re.findall(r"^\| `(\w+)", guide(published), re.MULTILINE)
    offered = [name for kind in ("views", "macros") for name in sql.names(kind) if "." not in name]  # type: ignore[arg-type]  # two kinds

    assert named == offered
    assert "`state_at(run)`" in guide(published)
    assert "`changes(earlier_run, later_run)`" in guide(published)
    assert "$" not in guide(published)
    assert FIRST not in guide(published)
