"""A report reads each part of its run once, and only what it needs."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.compare.context import CompareContext
from pipeline.text.errors import UsageError
from tests.support.comparing import (
    COUNTED,
)
from tests.support.deployments import Post
from tests.support.village import tracker, village


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with village(tmp_path) as opened:
        tracker(opened, COUNTED)
        yield opened


def test_each_part_is_read_once(post: Post) -> None:
    context = CompareContext(post.transform()[0])

    assert context.target is context.target
    assert context.extract is context.extract
    assert context.tables is context.tables


def test_what_is_not_needed_is_not_read(post: Post) -> None:
    work = post.transform()[0]
    shutil.rmtree(work.run.metadata)
    shutil.rmtree(post.deployment.mappings("fever"))

    context = CompareContext(work)

    assert not context.undoes
    assert context.basis.startswith(context.extract.started_at.isoformat())
    with pytest.raises(UsageError, match=r"default\.json"):
        _ = context.target


def test_the_form_cells_that_tracker_fills_have_their_default_combos(post: Post) -> None:
    post.map([("piCases0001", "", "deCases0001", "", "")])
    post.configure(source={"program_indicators": ["piCases0001"]})

    context = CompareContext(post.transform()[0])

    assert context.filled.rows() == [("deCases0001", "cocDefault1", "cocDefault1")]


def test_org_units_go_where_the_mapping_sends_them(post: Post) -> None:
    post.move({"ouClinic00a": "ouClinic00b", "ouClinic00c": "ouClinic00c"})
    post.configure(mapping={"unlisted_org_units": "reject"}, org_units={"within": ["ouClinic00a"]})

    context = CompareContext(post.transform()[0])

    assert context.org_units == ["ouClinic00b"]
