"""A target with another system id is asked about, and what is ours follows it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.cli.steps import publish_step
from pipeline.dhis2.system import read_system
from pipeline.ledger import journal
from pipeline.plan.rules.guards import ANOTHER_TARGET, Alarm
from pipeline.plan.undo import undo
from pipeline.text.errors import RefusedError
from pipeline.upkeep.restore import restore_store
from tests.load.nights import (
    COUNTS,
    HERE,
    LATER,
    MOVE,
    MOVED,
    interrupted,
    move,
    ours,
    passed,
)
from tests.support.checking import checked, ids, one
from tests.support.deployments import NAME, Post, now
from tests.support.village import CLINICS, DATA_SET, form, lines, tracker, typed, village


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with village(tmp_path) as opened:
        assert opened.world.system_id == HERE
        tracker(opened, COUNTS)
        yield opened


def test_a_server_that_moved_after_the_plan_is_loaded_deliberately(begun: Post) -> None:
    tracker(begun, LATER)
    work, _ = begun.plan()
    move(begun)
    with pytest.raises(RefusedError, match="this plan was made for system 00000000-") as told:
        begun.load(work)
    assert f"`tally load fever --run {work.run.run_id} --allow another-target" in told.value.remedy
    assert (ours(begun, HERE), ours(begun, MOVED)) == (3, 0)

    assert begun.load(work, **MOVE).counts["loaded"] == 1

    assert form(begun) == lines(LATER)
    assert (ours(begun, HERE), ours(begun, MOVED)) == (0, 3)
    assert passed(work) == [*MOVE.items()]
    assert begun.night().actions == {"keep": 3}


def test_a_plan_for_a_moved_server_goes_on_with_what_is_ours_and_the_next_night_asks_nobody(
    begun: Post,
) -> None:
    tracker(begun, LATER)
    move(begun)

    work, summary = begun.plan()
    assert [alarm["guard"] for alarm in summary.alarms] == [ANOTHER_TARGET]
    assert (
        "of our 3 values in this plan, 3 stand there as we wrote them" in summary.alarms[0]["saw"]
    )
    assert dict(summary.actions.rows()) == {"keep": 2, "update": 1}
    with pytest.raises(RefusedError, match="what is ours was written to system 00000000-"):
        begun.load(work)
    work, summary = begun.plan(work, **MOVE)
    assert summary.alarms == []
    assert f"once this plan is loaded, it is ours on system {MOVED}" in "".join(summary.notes)
    assert (ours(begun, HERE), ours(begun, MOVED)) == (3, 0), "a plan changes nothing"

    assert begun.load(work).counts["loaded"] == 1

    assert (ours(begun, HERE), ours(begun, MOVED)) == (0, 3)
    assert passed(work) == [*MOVE.items()]
    assert work.store.check() == []
    tracker(begun, COUNTS)
    assert begun.night().actions == {"keep": 2, "update": 1}


def test_what_was_allowed_and_never_loaded_is_asked_again(begun: Post) -> None:
    move(begun)
    begun.plan(**MOVE)

    _, summary = begun.plan()

    assert [alarm["guard"] for alarm in summary.alarms] == [ANOTHER_TARGET]


def test_a_number_that_a_person_typed_on_the_moved_server_stays(begun: Post) -> None:
    tracker(begun, LATER)
    move(begun)
    typed(
        begun, "month | clinic | what | number\n 202609 | a | cases | 50\n 202609 | b | girls | -"
    )

    night = begun.night(**MOVE)

    assert night.actions == {"keep": 1, "conflict": 2}
    assert ("202609", "a", "cases", "50") in form(begun)


def test_a_server_that_moves_back_is_asked_about_again(begun: Post) -> None:
    move(begun)
    begun.night(**MOVE)
    move(begun, HERE)

    _, summary = begun.plan()
    assert [alarm["guard"] for alarm in summary.alarms] == [ANOTHER_TARGET]

    assert begun.night(**MOVE).loaded.is_whole
    assert (ours(begun, HERE), ours(begun, MOVED)) == (3, 0)


def test_where_nothing_is_ours_another_server_is_no_question(post: Post) -> None:
    post.plan()
    move(post)

    assert post.night().actions == {"create": 3}


def test_what_a_run_wrote_before_the_move_can_be_undone_after_it(begun: Post) -> None:
    tracker(begun, LATER)
    wrong = begun.night().work.run
    move(begun)

    stopped = undo(begun.begin(), wrong, begun.client, now(), {})
    assert [alarm["guard"] for alarm in stopped.alarms] == [ANOTHER_TARGET]
    work = begun.begin()
    assert undo(work, wrong, begun.client, now(), MOVE).alarms == []

    assert begun.load(work).is_whole
    assert form(begun) == lines(COUNTS)
    assert ours(begun, MOVED) == 3


def test_a_late_correction_keeps_the_run_that_saw_it_first_when_the_server_moves(
    begun: Post,
) -> None:
    begun.world.metadata["dataSets"][0]["expiryDays"] = 25.0  # September is closed, October is not
    tracker(begun, LATER)
    seen_first = begun.night().work.run.run_id
    move(begun)

    begun.night(**MOVE)

    late = begun.begin().store.late_corrections(MOVED)
    assert late["first_run"].to_list() == [seen_first]
    begun.world.lock_exceptions.add((DATA_SET, "202609", CLINICS["a"]))
    assert begun.night().loaded.counts["loaded"] == 1
    assert begun.begin().store.check() == []


def test_what_was_sent_before_the_move_and_never_read_back_is_settled_after_it(
    begun: Post,
) -> None:
    tracker(begun, LATER)
    broken, _ = begun.plan()
    interrupted(begun, broken)
    assert form(begun) == lines(LATER)
    move(begun)

    begun.night(**MOVE)
    assert len(journal.open_chunks(broken.run)) == 1
    begun.night()

    assert journal.open_chunks(broken.run) == []
    assert ours(begun, MOVED) == 3
    tracker(begun, COUNTS)
    assert begun.night().actions == {"keep": 2, "update": 1}


def test_a_load_that_was_begun_elsewhere_is_not_continued_here(post: Post) -> None:
    work, _ = post.plan()
    interrupted(post, work)
    move(post)

    with pytest.raises(RefusedError, match="was begun into system 00000000-"):
        post.load(work, resume=True, **MOVE)
    assert post.posts == 1


def test_a_load_that_stopped_before_the_ledger_followed_the_server_goes_on(begun: Post) -> None:
    tracker(begun, LATER)
    work, _ = begun.plan()
    move(begun)
    system = read_system(begun.client).system_id
    alarm = Alarm(ANOTHER_TARGET, "the target is system x", "the same system")
    why = alarm.as_record() | {"reason": MOVE[ANOTHER_TARGET]}
    journal.begin(work.run, journal.Begun(system, "tally", HERE), [why], now())

    assert begun.load(work, resume=True).counts["loaded"] == 1
    assert (ours(begun, HERE), ours(begun, MOVED)) == (0, 3)


def test_a_check_beforehand_warns_of_a_target_that_the_ledger_does_not_know(begun: Post) -> None:
    as_usual = checked(begun)
    move(begun)

    moved = checked(begun)

    assert ANOTHER_TARGET not in ids(as_usual)
    told = one(moved, ANOTHER_TARGET)
    assert (told.severity, told.where) == ("warning", begun.sandbox.url)
    assert "--allow another-target" in told.remedy


def test_a_store_restored_from_before_the_move_asks_once_more_and_loses_nothing(post: Post) -> None:
    publish_step(post.night().work)
    tracker(post, LATER)
    move(post)
    post.night(**MOVE)
    post.deployment.store(NAME).unlink()
    assert restore_store(post.deployment, NAME, None, now()).reopened == 1

    work, summary = post.plan()
    assert [alarm["guard"] for alarm in summary.alarms] == [ANOTHER_TARGET]
    post.plan(work, **MOVE)
    assert post.load(work).is_whole

    assert (ours(post, HERE), ours(post, MOVED)) == (0, 3)
    tracker(post, COUNTS)
    assert post.night().actions == {"keep": 2, "update": 1}
