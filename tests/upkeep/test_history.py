"""What a run left behind is read again, as far as it went."""

import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from pipeline.report.history import history_as_markdown
from pipeline.upkeep.history import read_history
from tests.support.deployments import Post
from tests.support.village import tracker, village

COUNTED = """
    month  | clinic | what  | number
    202610 | a      | cases | 5
    202610 | b      | girls | 2
"""


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with village(tmp_path) as opened:
        tracker(opened, COUNTED)
        yield opened


def test_a_run_that_was_only_begun_has_nothing_to_tell(post: Post) -> None:
    history = read_history(post.begin().run)

    assert history["stage"] == "begun"
    stages = ("extract", "transform", "plan", "load")
    assert [history[stage] for stage in stages] == [None] * 4
    assert "its extract is not complete" in history_as_markdown(history)


def test_an_extract_is_told_by_what_it_asked_and_what_was_silent(post: Post) -> None:
    work, _ = post.extract()

    history = read_history(work.run)

    assert history["stage"] == "extract"
    assert (history["extract"]["periods"], history["extract"]["org_units"]) == (3, 3)
    assert history["extract"]["silent_indicators"] == ["piEnrolled1"]
    assert history["extract"]["bytes"] > 0
    assert history["bytes"]["responses"] > 0
    assert "without any count: piEnrolled1" in history_as_markdown(history)


def test_a_night_is_told_from_the_first_question_to_the_last_cell(post: Post) -> None:
    history = read_history(post.night().work.run)

    assert history["stage"] == "load"
    assert history["transform"]["values"] == 2
    assert history["plan"]["actions"] == {"create": 2}
    assert history["load"]["counts"]["loaded"] == 2
    assert (history["unconfirmed"], history["passed"], history["stops"]) == (0, [], [])
    page = history_as_markdown(history)
    assert "2 rows = 2 accepted + 0 rejected; 2 values" in page
    assert "2 create" in page


def test_everything_in_the_folder_is_counted_once(post: Post) -> None:
    run = post.night().work.run

    sizes = read_history(run)["bytes"]

    files = [path for path in run.path.rglob("*") if path.is_file()]
    assert sum(sizes.values()) == sum(path.stat().st_size for path in files)
    assert set(sizes) == {"responses", "chunks", "papers"}


def test_a_plan_that_an_older_tally_made_is_counted_by_its_rows(post: Post) -> None:
    work = post.night().work
    path = work.run.path / "plan.json"
    record = {name: one for name, one in json.loads(path.read_text()).items() if name != "actions"}
    path.write_text(json.dumps(record))
    pl.DataFrame({"action": ["keep", "create", "keep"]}).write_parquet(
        work.run.path / "plan.parquet"
    )

    assert read_history(work.run)["plan"]["actions"] == {"keep": 2, "create": 1}
