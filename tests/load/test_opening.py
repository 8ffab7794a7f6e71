"""A guard stops a load and says how to go on; whoever goes on is kept with the run."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.ledger import journal
from pipeline.ledger.passed_guards import guards_passed
from pipeline.load.opening import let_pass
from pipeline.load.stage import dry_run
from pipeline.plan.rules.guards import ANOTHER_TARGET, Alarm
from pipeline.run.folder import RunFolder
from pipeline.run.seal import Seal
from pipeline.text.errors import RefusedError, UsageError
from tests.load.nights import (
    COUNTS,
    HERE,
    LATER,
    MOVE,
    OLD,
    line_broken,
    loaded_late,
    move,
    passed,
)
from tests.support.deployments import Post
from tests.support.village import form, tracker, typed, village


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with village(tmp_path) as opened:
        assert opened.world.system_id == HERE
        tracker(opened, COUNTS)
        yield opened


def sealed(*alarms: str, **allowed: str) -> Seal:
    told = tuple(Alarm(guard, "something", "nothing").as_record() for guard in alarms)
    reasons = tuple({"guard": guard, "reason": why} for guard, why in allowed.items())
    made_at = datetime(2026, 11, 20, 6, tzinfo=UTC)
    return Seal("run", "fever", "p", "c", "m", "t", made_at, told, reasons, "l", "r")


RUN = RunFolder(Path("runs/run"))
OLD_ALARM = Alarm("old-plan", "this plan was made 3 days ago", "at most 1 day")
MOVED_ALARM = Alarm(ANOTHER_TARGET, "the target is system x", "the same system")


def test_a_guard_that_nobody_passed_says_what_it_saw_and_the_command_that_goes_on() -> None:
    seal = sealed("retractions", "shrunken-extract", retractions="the register was cleaned")

    with pytest.raises(RefusedError) as raised:
        let_pass(seal, [OLD_ALARM], {}, RUN, is_begun=True)

    assert raised.value.what == (
        "a guard stops this load: shrunken-extract: something (usual is nothing); "
        "old-plan: this plan was made 3 days ago (usual is at most 1 day)"
    )
    assert raised.value.remedy == (
        "if this is right, go on with `tally load fever --run run --resume "
        '--allow shrunken-extract --allow old-plan --reason "…"`; '
        "if not, make a new plan, and read it"
    )


def test_a_guard_of_the_plan_can_still_be_passed_by_its_load() -> None:
    why = {"retractions": "the register was cleaned"}

    assert let_pass(sealed("retractions"), [], why, RUN) == [
        {
            "guard": "retractions",
            "saw": "something",
            "usual": "nothing",
            "reason": why["retractions"],
        }
    ]


def test_what_was_allowed_for_the_plan_holds_for_its_age_and_not_for_a_target_it_did_not_know() -> (
    None
):
    seal = sealed(**OLD, **MOVE)

    assert let_pass(seal, [OLD_ALARM], {}, RUN)[0]["reason"] == OLD["old-plan"]
    with pytest.raises(RefusedError, match="the target is system x"):
        let_pass(seal, [MOVED_ALARM], {}, RUN)


def test_an_old_plan_is_loaded_deliberately_and_what_changed_meanwhile_stays(begun: Post) -> None:
    tracker(begun, LATER)
    work, _ = begun.plan()
    with pytest.raises(RefusedError, match="old-plan: this plan was made 25 hours"):
        loaded_late(begun, work)
    typed(begun, "month | clinic | what | number\n 202609 | a | cases | 70")

    loaded = loaded_late(begun, work, **OLD)

    assert loaded.counts["drifted"] == 1
    assert ("202609", "a", "cases", "70") in form(begun)
    assert passed(work) == [*OLD.items()]


def test_an_interrupted_load_goes_on_late_only_when_somebody_says_so_once(post: Post) -> None:
    work, _ = post.plan()
    with line_broken(post, after=0):
        post.load(work)

    with pytest.raises(RefusedError, match="old-plan") as told:
        loaded_late(post, work, resume=True)
    assert "--resume --allow old-plan" in told.value.remedy
    with line_broken(post, after=0):
        loaded_late(post, work, resume=True, **OLD)

    assert loaded_late(post, work, resume=True).is_whole
    assert passed(work) == [*OLD.items()]


def test_a_guard_that_there_is_not_is_refused_by_a_load_too(post: Post) -> None:
    work, _ = post.plan()

    with pytest.raises(UsageError, match="no guard 'plan-old'"):
        post.load(work, **{"plan-old": "a slip of the pen"})
    with pytest.raises(UsageError, match="no guard 'plan-old'"):
        dry_run(work, post.client, {"plan-old": "a slip of the pen"})
    assert journal.begun(work.run) is None


def test_a_server_that_is_asked_beforehand_is_guarded_as_a_load_is(post: Post) -> None:
    work, _ = post.plan()
    move(post)

    with pytest.raises(RefusedError, match="another-target"):
        dry_run(work, post.client)
    assert [one.status for one in dry_run(work, post.client, MOVE)] == ["SUCCESS"]
    assert guards_passed(work.run) == []
