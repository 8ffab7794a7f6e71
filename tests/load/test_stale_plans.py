"""A plan is loaded as it was sealed, or not at all."""

import json

import polars as pl
import pytest

from pipeline.text.errors import RefusedError
from tests.load.loads import COUNTS
from tests.support.deployments import Post
from tests.support.village import form, tracker


@pytest.mark.parametrize("name", ["plan.parquet", "new_values.parquet"])
def test_a_plan_that_somebody_edited_is_refused(post: Post, name: str) -> None:
    post.night()
    tracker(post, COUNTS.replace("| 5", "| 7") + "    202610 | c | cases | 1\n")
    work, _ = post.plan()
    path, sent = work.run.path / name, post.posts
    kept = pl.read_parquet(path)
    assert not kept.is_empty()
    kept.clear().write_parquet(path)

    with pytest.raises(RefusedError, match="changed after it was made"):
        post.load(work)
    assert post.posts == sent


def test_a_seal_that_somebody_edited_is_refused(post: Post) -> None:
    work, _ = post.plan()
    path = work.run.path / "plan.json"
    path.write_text(path.read_text().replace('"alarms": []', '"alarms": [ ], "allowed": []'))
    seal = json.loads(path.read_text())
    path.write_text(json.dumps(seal | {"transfer": "other"}))

    with pytest.raises(RefusedError, match=r"plan\.json, .* was changed by hand"):
        post.load(work)
    assert post.posts == 0


def test_a_plan_made_under_another_configuration_is_refused(post: Post) -> None:
    work, _ = post.plan()
    post.configure(policy={"vanished": "leave"})

    with pytest.raises(RefusedError, match="configuration changed"):
        post.load(post.again(work))
    assert post.posts == 0


def test_a_plan_made_from_another_mapping_is_refused(post: Post) -> None:
    work, _ = post.plan()
    post.map([("piCases0001", "", "deEnrolled1", "", "")])

    with pytest.raises(RefusedError, match="mapping changed"):
        post.load(work)
    assert post.posts == 0


def test_a_plan_is_refused_when_another_run_was_loaded_after_it(post: Post) -> None:
    earlier, _ = post.plan()
    post.night()
    sent = post.posts

    with pytest.raises(RefusedError, match="another run was loaded"):
        post.load(earlier)
    assert post.posts == sent


def test_a_plan_that_a_guard_stopped_is_refused_until_somebody_gives_a_reason(post: Post) -> None:
    post.night()
    tracker(post, "month | clinic | what | number\n 202609 | a | cases | 5")
    post.configure(guards={"max_retractions": 0, "min_extract_share": 0})
    work, summary = post.plan()

    with pytest.raises(RefusedError, match="4 values would be removed"):
        post.load(work)
    assert [alarm["guard"] for alarm in summary.alarms] == ["retractions"]

    post.plan(work, retractions="the register was cleaned")
    assert post.load(work).counts["loaded"] == 4
    assert form(post) == [("202609", "a", "cases", "5")]
