"""What was read of the manual side is kept with the run, for as long as the run is the same."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.cells.key import KEY
from pipeline.compare.context import CompareContext
from pipeline.compare.manual.kept import read_kept_manual
from pipeline.compare.rules.discrepancies import Tolerance
from pipeline.compare.stage import wants_target
from tests.support.comparing import (
    COUNTED,
    PAPER_SAYS,
    reported,
)
from tests.support.deployments import Post
from tests.support.paper import on_paper, open_paper_form
from tests.support.village import tracker, village


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with village(tmp_path) as opened:
        tracker(opened, COUNTED)
        yield opened


def test_what_was_kept_is_read_again_as_it_was(post: Post) -> None:
    open_paper_form(post)
    post.configure(compare={"tolerance": 2, "tolerance_share": 0.2})
    on_paper(post, PAPER_SAYS)
    work = post.transform()[0]
    reported(post, work)

    kept = read_kept_manual(CompareContext(work))

    assert kept is not None
    assert (kept.source, kept.district_level) == ("data set Monthly paper report", 1)
    assert kept.tolerance == Tolerance(2, 0.2)
    assert kept.values.columns == [*KEY, "value"]
    assert kept.values["value"].sum() == 23
    assert kept.tracker_links["unknown"].to_list() == [False] * 4


def test_a_run_that_never_read_a_manual_side_has_none(post: Post) -> None:
    assert read_kept_manual(CompareContext(post.transform()[0])) is None


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("extract.json", {"started_at": "2026-01-01T00:00:00+00:00"}),
        ("transform.json", {"mapping_hash": "0"}),
    ],
)
def test_what_was_kept_for_another_extract_or_mapping_is_not_read(
    name: str, changed: dict[str, str], post: Post
) -> None:
    open_paper_form(post)
    work = post.transform()[0]
    reported(post, work)
    path = work.run.path / name
    path.write_text(json.dumps(json.loads(path.read_text()) | changed))

    assert read_kept_manual(CompareContext(work)) is None


def test_without_its_record_what_lies_there_is_not_whole_and_not_read(post: Post) -> None:
    open_paper_form(post)
    work = post.transform()[0]
    reported(post, work)
    (work.run.path / "manual.json").unlink()

    assert read_kept_manual(CompareContext(work)) is None
    assert wants_target(post.again(work))
