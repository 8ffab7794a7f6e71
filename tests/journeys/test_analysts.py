"""An analyst asks the newest publication from the command line, and takes it elsewhere."""

import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from tests.support.deployments import NAME, Post
from tests.support.terminal import Said, run, tally
from tests.support.village import tracker, village

COUNTS = """
    month  | clinic | what  | number
    202609 | a      | cases | 5
    202610 | a      | cases | 6
    202610 | b      | girls | 2
"""
QUESTION = "select org_unit, period_start, value from data_values order by all"


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    with village(tmp_path_factory.mktemp("home")) as opened:
        tracker(opened, COUNTS)
        assert run(opened).code == 0
        yield opened


def ask(post: Post, question: str, *options: str) -> Said:
    return tally(post, "sql", NAME, question, *options)


def test_a_question_is_answered_as_a_table(post: Post) -> None:
    said = ask(post, QUESTION)

    assert said.code == 0
    assert said.err == ""
    assert [line.split("│")[1:4] for line in said.out.splitlines() if "ouClinic" in line] == [
        [" ouClinic00a ", " 2026-09-01   ", "     5 "],
        [" ouClinic00a ", " 2026-10-01   ", "     6 "],
        [" ouClinic00b ", " 2026-10-01   ", "     2 "],
    ]


def test_a_long_answer_is_cut_on_the_terminal_and_says_so(post: Post) -> None:
    said = ask(post, QUESTION, "--rows", "2")

    assert said.out.count("ouClinic") == 2
    assert "the first 2 rows, and there are more" in said.err


def test_scripts_get_all_of_it_as_csv_or_json(post: Post) -> None:
    assert ask(post, QUESTION, "--csv", "--rows", "1").out.splitlines() == [
        "org_unit,period_start,value",
        "ouClinic00a,2026-09-01,5",
        "ouClinic00a,2026-10-01,6",
        "ouClinic00b,2026-10-01,2",
    ]
    assert json.loads(ask(post, QUESTION, "--json").out)[2] == {
        "org_unit": "ouClinic00b",
        "period_start": "2026-10-01",
        "value": 2,
    }
    assert json.loads(ask(post, "from rejects", "--json").out) == []


def test_a_mistake_gets_a_letter_with_its_place(post: Post) -> None:
    said = ask(post, "select valeu from data_values")

    assert said.code == 2
    assert said.out == ""
    assert "line 1, letter 8 of the question: valeu from data_values" in said.err
    assert ask(post, QUESTION, "--csv", "--json").code == 2


def test_a_publication_becomes_files_for_other_tools(post: Post, tmp_path: Path) -> None:
    said = tally(post, "export", NAME, str(tmp_path / "out"), "--format", "parquet", "--json")

    assert json.loads(said.out)["files"].keys() == {
        path.name for path in (tmp_path / "out").iterdir()
    }
    assert pl.read_parquet(tmp_path / "out" / "data_values.parquet").height == 3


def test_before_the_first_publication_there_is_nothing_to_ask(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS)
        assert tally(post, "run", NAME).code == 0

        for said in (ask(post, QUESTION), tally(post, "export", NAME, str(tmp_path / "out"))):
            assert said.code == 2
            assert "nothing was published yet" in said.err
            assert f"tally publish {NAME}" in said.err
        assert not (tmp_path / "out").exists()
