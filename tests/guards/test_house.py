"""The house has the rooms it was drawn with, and nothing in it points at one machine."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = {
    *("pyproject.toml", "Makefile", "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE"),
    *("pipeline", "sandbox", "schemas", "sql", "tests", "docs", "data", "requirements"),
    *(".ci", ".gitignore"),
}
# A deployment owns data/; ours there is what explains it, and one example.
OURS_OF_A_DEPLOYMENT = ("data/README.md", "data/transfers/fever/")
OF_ONE_MACHINE = re.compile(r"(?<![\w.])/(root/\.|home/\w+|Users/\w+|builds?)/")
MOST_ENTRIES = 15
# A question, with its answer in short or without, or one sentence.
QUESTION = re.compile(r"[A-Z][^?]+\?( .+\.)?|[A-Z]((?!\. [A-Z])[^?])+\.")
WORDS = {".py", ".sql", ".md", ".toml", ".txt", ".css", ".html", ".csv", ".jinja", ""}


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    told = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if told.returncode != 0:
        pytest.skip("this is no git checkout, so nobody knows which files are ours")
    return [Path(line) for line in told.stdout.splitlines() if (ROOT / line).is_file()]


def test_the_house_has_no_other_rooms(tracked: list[Path]) -> None:
    assert {path.parts[0] for path in tracked} == ROOMS


def test_of_a_deployment_only_the_example_is_ours(tracked: list[Path]) -> None:
    owned = [path.as_posix() for path in tracked if path.parts[0] == "data"]

    assert [path for path in owned if not path.startswith(OURS_OF_A_DEPLOYMENT)] == []


def test_nothing_points_at_one_machine(tracked: list[Path]) -> None:
    pointing = [
        f"{path}:{number}"
        for path in tracked
        if path.suffix in WORDS and path.name != Path(__file__).name
        for number, line in enumerate((ROOT / path).read_text(encoding="utf-8").splitlines(), 1)
        if OF_ONE_MACHINE.search(line)
    ]

    assert pointing == []


def told(folder: Path) -> str:
    """First line of what a folder says of itself; nothing where it has no `__init__`."""
    start = ROOT / folder / "__init__.py"
    doc = ast.get_docstring(ast.parse(start.read_text("utf-8"))) if start.exists() else None
    return (doc or "").partition("\n")[0]


@pytest.fixture(scope="module")
def folders(tracked: list[Path]) -> dict[Path, set[str]]:
    """Folders of code, each with what stands in it beside its `__init__`."""
    code = [path for path in tracked if path.parts[0] in {"pipeline", "sandbox"}]
    inside: dict[Path, set[str]] = {}
    for path in code:
        for place in (path, *path.parents[:-2]):
            inside.setdefault(place.parent, set()).add(place.name)
    with_code = {path.parent for path in code if path.suffix == ".py"}
    return {
        folder: names - {"__init__.py"} for folder, names in inside.items() if folder in with_code
    }


def test_every_folder_says_which_question_it_answers(folders: dict[Path, set[str]]) -> None:
    assert len(folders) > 40

    assert [str(folder) for folder in sorted(folders) if not QUESTION.fullmatch(told(folder))] == []


def test_every_folder_fits_one_screen(folders: dict[Path, set[str]]) -> None:
    full = {
        str(folder): len(names) for folder, names in folders.items() if len(names) > MOST_ENTRIES
    }

    assert set(full) <= {"pipeline"}  # its list of folders is the way of a value, told whole


def test_every_test_stands_where_pytest_finds_it(tracked: list[Path]) -> None:
    """A page under another name than test_*.py would never be read."""
    lost = [
        path
        for path in tracked
        if path.parts[0] == "tests"
        and path.suffix == ".py"
        and not path.name.startswith("test_")
        and re.search(r"^def test_", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)
    ]

    assert lost == []
