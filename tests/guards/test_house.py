"""The house has the rooms it was drawn with, and nothing in it points at one machine."""

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
