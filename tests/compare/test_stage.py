"""A report puts tracker and paper side by side, writes it again offline, and makes nothing up."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.compare.stage import report, wants_target
from pipeline.text.errors import ExitCode, RefusedError
from tests.support.comparing import (
    COMPARED,
    COUNTED,
    PAPER_SAYS,
    compared_cells,
    letter_of,
    reported,
)
from tests.support.deployments import Post
from tests.support.paper import on_paper, open_paper_form, pair
from tests.support.village import tracker, village


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with village(tmp_path) as opened:
        tracker(opened, COUNTED)
        yield opened


@pytest.fixture(params=["2.42", "2.43"])
def either(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Post]:
    with village(tmp_path, request.param) as opened:
        tracker(opened, COUNTED)
        yield opened


def test_a_form_on_paper_is_put_beside_what_tracker_said(either: Post) -> None:
    open_paper_form(either)
    either.configure(compare={"tolerance_share": 0.2})
    on_paper(either, PAPER_SAYS)
    work = either.night().work

    done = reported(either, work)

    assert compared_cells(done) == COMPARED
    assert done.overview is not None
    assert done.overview.provenance.manual_source == "data set Monthly paper report"
    for name in ("run.md", "discrepancies.csv", "discrepancies.html", "discrepancies.xlsx"):
        assert (work.run.path / name).exists()
    assert "Tracker is what tracker said in this run" in done.text
    assert "whether it was loaded or not" in (work.run.path / "discrepancies.html").read_text()


def test_the_same_report_comes_again_without_any_server(post: Post) -> None:
    open_paper_form(post)
    on_paper(post, PAPER_SAYS)
    work = post.transform()[0]
    reported(post, work)
    names = ("run.md", "discrepancies.csv", "discrepancies.html", "discrepancies.xlsx")
    before = {name: (work.run.path / name).read_bytes() for name in names}
    on_paper(post, PAPER_SAYS.replace("| 8", "| 80"))
    post.configure(compare={"tolerance": 100})
    again = post.again(work)

    assert not wants_target(again)
    assert report(again, None).letter is None
    assert {name: (work.run.path / name).read_bytes() for name in names} == before


def test_paper_may_be_read_again_for_the_newest_run_only(post: Post) -> None:
    open_paper_form(post)
    on_paper(post, PAPER_SAYS)
    work = post.transform()[0]
    reported(post, work)
    on_paper(post, PAPER_SAYS.replace("| 8", "| 7"))

    done = reported(post, work, again=True)
    post.transform()

    assert ("202610", "a", "deCases0001", 7, 7, "same") in compared_cells(done)
    with pytest.raises(RefusedError, match="not the newest"):
        reported(post, work, again=True)


def test_another_order_of_the_server_gives_the_same_bytes(post: Post) -> None:
    open_paper_form(post)
    on_paper(post, PAPER_SAYS)
    work = post.transform()[0]
    reported(post, work)
    before = (work.run.path / "discrepancies.csv").read_bytes()
    turned = dict(reversed(post.world.values.items()))
    post.world.values.clear()
    post.world.values.update(turned)

    reported(post, work, again=True)

    assert (work.run.path / "discrepancies.csv").read_bytes() == before


def test_a_run_without_a_manual_side_says_so_and_is_no_error(post: Post) -> None:
    work = post.transform()[0]

    done = reported(post, work)

    assert done.overview is None
    assert "Nothing was compared" in done.text
    assert not (work.run.path / "discrepancies.csv").exists()


def test_a_form_that_the_account_cannot_see_is_a_letter_and_run_md_stands(post: Post) -> None:
    work = post.night().work
    pair(post)
    post.configure(compare={"data_set": "dsNowhere01"})

    letter = letter_of(post, work)

    assert letter.exit_code == ExitCode.USAGE
    assert "dsNowhere01" in (work.run.path / "run.md").read_text()
