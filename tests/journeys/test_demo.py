"""The demo runs two nights, ends with the report, and names files that can be opened."""

import re
from pathlib import Path
from urllib.parse import unquote, urlparse

import pytest

from sandbox.country.example import example_files
from tests.support.papers import contents
from tests.support.terminal import Said, command

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")

CANARY = "d2p_Canary5t9"  # of a real server, and none of the demo's business


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def said(home: Path) -> Said:
    theirs = {"TALLY_SOURCE_PAT": CANARY, "DHIS2_URL": "https://dhis2.example"}
    told = command("demo", TALLY_HOME=str(home), **theirs)
    assert told.code == 0, told.everything
    return told


def test_the_second_plan_is_the_one_in_the_readme(said: Said) -> None:
    block = re.search(r"```\n(A load would write .*?)```", README, re.DOTALL)

    assert block is not None
    second = said.out[said.out.index("A load would write") :].splitlines()
    assert [line for line in block[1].splitlines() if line not in second] == []


def test_it_uses_the_example_transfer_as_it_stands(said: Said, home: Path) -> None:
    folder = home / "data" / "demo" / "data" / "transfers" / "fever"
    used = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }

    assert str(folder) in said.err
    assert used == example_files()


def test_it_ends_with_the_report_of_the_second_night(said: Said) -> None:
    report = said.out.rpartition("\n# Run ")[2]

    assert "**Everything that was planned is in the target**" in report
    assert "## Tracker and paper" in report
    assert "numbers that tracker or the manual reports gave" in report


def test_everything_it_names_can_be_opened(said: Said, home: Path) -> None:
    ending = said.err.partition("Where tracker and paper disagree")[2]
    page = re.search(r"file:\S+", ending)
    named = [Path(path) for path in re.findall(rf"{re.escape(str(home))}/\S+\.\w+", ending)]

    assert page is not None
    assert Path(unquote(urlparse(page[0]).path)).read_bytes().startswith(b"<!DOCTYPE html>")
    assert {path.suffix for path in named} == {".html", ".xlsx", ".csv", ".md", ".duckdb"}
    assert [path for path in named if not path.exists()] == []


def test_what_it_offers_to_type_works(said: Said, home: Path) -> None:
    root = re.search(r"TALLY_HOME=(\S+)", said.err)
    assert root is not None

    runs = command("runs", "fever", "--json", TALLY_HOME=root[1])
    asked = command("sql", "fever", "from discrepancies", TALLY_HOME=root[1])

    assert runs.out.count('"run_id"') == 2
    assert asked.code == 0
    assert "agreement" in asked.out


def test_a_login_for_a_real_server_is_not_used(said: Said, home: Path) -> None:
    papers = [content for path in home.rglob("*") if path.is_file() for content in contents(path)]

    assert CANARY not in said.everything
    assert not [one for one in papers if CANARY.encode() in one]
