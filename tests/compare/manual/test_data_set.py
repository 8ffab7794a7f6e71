"""Manual numbers in a data set are asked of the right server, and its answers are kept."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from pipeline.cells.key import KEY
from pipeline.text.errors import RefusedError, UsageError
from tests.support.comparing import COUNTED, PAPER_SAYS, compared_cells, letter_of, reported
from tests.support.deployments import Post
from tests.support.paper import PAPER, on_paper, open_paper_form, pair
from tests.support.village import tracker, village


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with village(tmp_path) as opened:
        tracker(opened, COUNTED)
        yield opened


def test_the_manual_answers_are_kept_byte_for_byte(post: Post) -> None:
    open_paper_form(post)
    on_paper(post, PAPER_SAYS)
    work = post.transform()[0]
    reported(post, work)

    assert (work.run.path / "manual" / "0001.csv.gz").exists()
    assert (
        '"path": "/api/dataValueSets.csv"'
        in (work.run.path / "manual" / "requests.jsonl").read_text()
    )
    values = pl.read_parquet(work.run.path / "manual_values.parquet")
    assert values.columns == [*KEY, "value"]
    assert values.height == 6


def test_a_form_of_another_period_type_or_without_the_element_gets_a_letter(post: Post) -> None:
    work = post.transform()[0]
    open_paper_form(post, period_type="Quarterly")
    letter = letter_of(post, work)
    assert "Quarterly" in letter.what
    post.world.metadata["dataSets"][-1]["periodType"] = "Monthly"
    pair(post, [("deNobody001", "", "", "deCases0001", "", "")])

    letter = letter_of(post, work)

    assert isinstance(letter, UsageError)
    assert f"manual.csv:2: data set {PAPER} does not have the data element" in letter.where


def test_trackers_own_cell_is_no_manual_number(post: Post) -> None:
    open_paper_form(post)
    post.world.metadata["dataSets"][-1]["dataSetElements"].append(
        {"dataElement": {"id": "deCases0001"}, "dataSet": {"id": PAPER}}
    )
    pair(post, [("deCases0001", "", "", "deCases0001", "", "")])

    letter = letter_of(post, post.transform()[0])

    assert "tracker's own numbers stand there" in letter.where


def test_another_system_than_the_run_was_extracted_for_is_refused(post: Post) -> None:
    open_paper_form(post)
    work = post.transform()[0]
    post.world.system_id = "another0001"

    letter = letter_of(post, work)

    assert isinstance(letter, RefusedError)
    assert letter.what.startswith("the target is system another0001")


def test_numbers_of_elements_that_nobody_compares_are_left_out(post: Post) -> None:
    open_paper_form(post)
    on_paper(post, PAPER_SAYS)
    pair(post, [("paCases0001", "", "", "deCases0001", "", "")])

    done = reported(post, post.transform()[0])

    assert {element for _, _, element, *_ in compared_cells(done)} == {"deCases0001"}
    assert done.overview is not None
    assert done.overview.findings.is_empty()
