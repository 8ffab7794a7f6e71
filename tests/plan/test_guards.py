"""A guard stops a plan before anything is sent; a person passes it by name, with a reason."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.plan.stage import plan
from pipeline.text.errors import RefusedError, UsageError
from sandbox.country.build import Clock
from tests.support.deployments import Post, now
from tests.support.village import form, lines, tracker, village

COUNTS = """
    month  | clinic | what     | number
    202609 | a      | cases    | 5
    202609 | b      | girls    | 2
    202610 | a      | cases    | 6
"""
NOTHING = "month | clinic | what | number"


def guards(post: Post, **allowed: str) -> list[str]:
    work, summary = post.plan(**allowed)
    if summary.alarms:
        with pytest.raises(RefusedError, match=summary.alarms[0]["guard"]):
            post.load(work)
    return [alarm["guard"] for alarm in summary.alarms]


def test_an_extract_without_a_row_takes_nothing_back(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS)
        post.night()
        tracker(post, NOTHING)

        assert guards(post) == ["empty-extract"]
        assert form(post) == lines(COUNTS)


def test_analytics_that_grew_old_before_the_plan_stop_it_until_a_reason_is_given(
    tmp_path: Path,
) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS)
        work, _ = post.transform()
        clock = post.world.clock
        assert isinstance(clock, Clock)
        clock.now += timedelta(hours=27)

        _, summary = post.plan(work)

        assert [alarm["guard"] for alarm in summary.alarms] == ["stale-analytics"]
        text = (work.run.path / "plan.md").read_text()
        assert "27 hours old" in text
        assert '--allow stale-analytics --reason "…"' in text
        with pytest.raises(RefusedError, match="stale-analytics"):
            post.load(work)

        plan(work, post.client, post.client, now(), {"stale-analytics": "the server was moved"})
        assert post.load(work).is_whole
        kept = json.loads((work.run.path / "plan.json").read_text())["allowed"]
        assert kept == [{"guard": "stale-analytics", "reason": "the server was moved"}]


def test_zeros_that_would_empty_cells_are_guarded_as_removals(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS)
        post.night()
        tracker(post, COUNTS.replace("| 5", "| 0").replace("| 6", "| 0").replace("| 2", "| 0"))
        post.configure(guards={"max_retractions": 2})

        assert guards(post) == ["retractions"]
        assert guards(post, retractions="the register was cleaned") == []


def test_a_guard_that_there_is_not_is_refused_by_name(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS)

        with pytest.raises(UsageError, match="no guard 'retraction'"):
            post.plan(retraction="a slip of the pen")


@pytest.mark.parametrize("generation", ["2.42", "2.43"])
def test_counts_that_doubled_overnight_wait_for_a_person(tmp_path: Path, generation: str) -> None:
    doubled = COUNTS.replace("| 5", "| 10").replace("| 2\n", "| 4\n").replace("| 6", "| 12")
    with village(tmp_path, generation) as post:
        post.configure(guards={"small_site": 2})
        tracker(post, COUNTS)
        post.night()
        tracker(post, doubled)

        assert guards(post) == ["changed-values", "growth"]
        assert form(post) == lines(COUNTS)

        work, summary = post.plan(growth="a campaign", **{"changed-values": "a campaign"})
        assert summary.alarms == []
        assert post.load(work).is_whole
        assert form(post) == lines(doubled)


def test_a_night_that_corrects_one_value_waits_for_nobody(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        post.configure(guards={"small_site": 2, "max_changed_share": 0.5})
        tracker(post, COUNTS)
        post.night()
        tracker(post, COUNTS.replace("| 6", "| 7"))

        assert guards(post) == []


def test_of_a_large_transfer_a_share_of_all_may_be_taken_back(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        post.configure(guards={"max_retractions": 0, "max_total_retraction_share": 0.4})
        tracker(post, COUNTS)
        post.night()
        tracker(post, COUNTS.replace("    202609 | b      | girls    | 2\n", ""))

        assert guards(post) == []
        post.configure(guards={"max_retractions": 0, "max_total_retraction_share": 0.3})
        assert guards(post) == ["retractions"]
