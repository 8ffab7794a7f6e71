"""An officer compares tracker with paper: from a night's run to the page, and once more offline."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.store.database import open_database
from pipeline.text.errors import ExitCode
from tests.support.deployments import NAME, Post
from tests.support.paper import manual_file, on_paper, open_paper_form
from tests.support.terminal import run, tally
from tests.support.village import tracker, village

COUNTED = """
    month  | clinic | what  | number
    202609 | a      | cases | 5
    202610 | a      | cases | 7
"""
PAPER_SAYS = """
    month  | clinic | what  | number
    202609 | a      | cases | 5
    202610 | a      | cases | 8
"""


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with village(tmp_path) as opened:
        tracker(opened, COUNTED)
        yield opened


def folder(post: Post) -> Path:
    """Give the folder of the newest run."""
    return max(path for path in post.deployment.runs(NAME).iterdir() if path.is_dir())


def test_a_night_ends_with_a_comparison_that_analysts_can_ask(post: Post) -> None:
    open_paper_form(post)
    on_paper(post, PAPER_SAYS)

    said = run(post)

    assert said.code == ExitCode.DONE
    assert "## Tracker and paper" in said.out
    with (folder(post) / "discrepancies.csv").open(newline="") as lines:
        told = [
            (row["period"], row["difference"], row["agreement"]) for row in csv.DictReader(lines)
        ]
    assert told == [("202610", "-1", "tracker_lower"), ("202609", "0", "same")]
    with open_database(post.deployment.published(NAME) / "latest.duckdb", read_only=True) as file:
        query = "select period, difference, agreement from discrepancies order by period desc"
        assert file.execute(query).fetchall() == [
            ("202610", -1.0, "tracker_lower"),
            ("202609", 0.0, "same"),
        ]
        assert file.execute("select sum(value) from manual_values").fetchall() == [(13.0,)]
    partition = post.deployment.published(NAME) / "parquet" / "discrepancies"
    assert list(partition.glob("run_id=*/*.parquet"))


def test_a_file_that_cannot_be_read_spoils_neither_the_load_nor_the_publication(post: Post) -> None:
    manual_file(post, "data_element;period;value\npaCases0001;202610;5\n")

    said = run(post)

    assert said.code == ExitCode.USAGE
    assert "the file of manual numbers lacks columns: orgunit" in said.err
    assert "**Nothing was compared**" in (folder(post) / "run.md").read_text()
    assert (folder(post) / "load.json").exists()
    assert (post.deployment.published(NAME) / "latest.duckdb").exists()

    manual_file(post, "data_element;period;org_unit;value\npaCases0001;202610;ouClinic00a;5\n")
    mended = tally(post, "report", NAME)

    assert mended.code == ExitCode.DONE
    assert (folder(post) / "discrepancies.html").exists()


def test_a_report_is_repeated_without_a_server(post: Post) -> None:
    open_paper_form(post)
    on_paper(post, PAPER_SAYS)
    run(post)
    before = (folder(post) / "discrepancies.html").read_bytes()
    asked = len(post.sandbox.requests)

    said = tally(post, "report", NAME)

    assert said.code == ExitCode.DONE
    assert (folder(post) / "discrepancies.html").read_bytes() == before
    assert len(post.sandbox.requests) == asked


def test_paper_that_came_late_is_read_again_when_somebody_says_so(post: Post) -> None:
    open_paper_form(post)
    on_paper(post, PAPER_SAYS)
    run(post)
    on_paper(post, PAPER_SAYS.replace("| 8", "| 7"))

    said = tally(post, "report", NAME, "--again")

    assert said.code == ExitCode.DONE
    assert "(100 %)" in said.out.replace("\u202f", " ")


def test_a_transfer_without_a_manual_side_is_told_so(post: Post) -> None:
    said = run(post)

    assert said.code == ExitCode.DONE
    assert "Nothing was compared" in said.out


def test_an_undoing_is_not_compared_because_nothing_of_it_is_trackers(post: Post) -> None:
    open_paper_form(post)
    on_paper(post, PAPER_SAYS)
    run(post)
    tally(post, "undo", NAME, "--run", folder(post).name)

    said = tally(post, "load", NAME)

    assert said.code == ExitCode.DONE
    assert "## Tracker and paper" not in said.out
    assert not (folder(post) / "manual.json").exists()
