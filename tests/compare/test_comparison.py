"""A comparison is of what tracker said in the run, and can be asked of the store again."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.cells.key import KEY
from pipeline.cells.packing import unpack
from pipeline.transform.stage import transform
from tests.support.comparing import (
    COUNTED,
    PAPER_SAYS,
    compared_cells,
    reported,
)
from tests.support.deployments import Post
from tests.support.paper import on_paper, open_paper_form
from tests.support.small_world import ask
from tests.support.village import tracker, village


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with village(tmp_path) as opened:
        tracker(opened, COUNTED)
        yield opened


def test_every_comparison_can_be_asked_of_the_store_again(post: Post) -> None:
    open_paper_form(post)
    nights = []
    for paper in ("| 8", "| 7", "| 6"):
        on_paper(post, PAPER_SAYS.replace("| 8", paper))
        work = post.transform()[0]
        done = reported(post, work)
        nights.append((work, done))
    tracker(post, COUNTED.replace("202609 | a      | cases    | 5", "202609 | a | cases | 6"))
    nights.append((late := post.transform()[0], reported(post, late)))

    for work, done in nights:
        compared = ask(work.store, "from packed.compared_at(?)", work.run.run_id)
        kept = unpack(compared, work.store.dictionaries())
        assert done.overview is not None
        sides = (*KEY, "tracker_value", "manual_value")
        assert kept.sort(KEY).rows() == done.overview.cells.select(sides).sort(KEY).rows()
    assert nights[0][0].store.check() == []


def test_a_snapshot_that_is_made_again_is_compared_again(post: Post) -> None:
    open_paper_form(post)
    on_paper(post, PAPER_SAYS)
    work, _ = post.transform()
    reported(post, work)
    shutil.rmtree(work.run.responses)
    tracker(post, COUNTED.replace("| 9", "| 3"))
    on_paper(post, PAPER_SAYS.replace("| 8", "| 7"))
    post.extract(work)
    transform(work)

    done = reported(post, work)

    assert ("202610", "b", "deCases0001", 3, 3, "same") in compared_cells(done)
    assert ("202610", "a", "deCases0001", 7, 7, "same") in compared_cells(done)
    assert "This run was not loaded." in done.text
    assert work.store.check() == []


def test_what_tracker_does_not_know_is_not_called_silence(post: Post) -> None:
    open_paper_form(post)
    on_paper(post, PAPER_SAYS)
    post.world.broken = {"piCases0001": "42703"}
    done = reported(post, post.transform()[0])

    assert {element for _, _, element, *_ in compared_cells(done)} == {"deBySex0001", "deEnrolled1"}
    assert done.overview is not None
    assert done.overview.findings["observed"].to_list() == ["all cells of deCases0001"]
