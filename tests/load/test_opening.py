"""A guard stops a load and says how to go on; whoever goes on is kept with the run."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree

import pytest

from pipeline.commands.reading import publish_work
from pipeline.dhis2.system import read_system
from pipeline.ledger import journal
from pipeline.ledger.passed_guards import guards_passed
from pipeline.load.opening import let_pass
from pipeline.load.stage import dry_run, load
from pipeline.plan.rules.guards import ANOTHER_TARGET, Alarm
from pipeline.plan.undo import undo
from pipeline.run.folder import RunFolder
from pipeline.run.progress import Silence
from pipeline.run.records import LoadRecord
from pipeline.run.seal import Seal
from pipeline.run.work import Work
from pipeline.text.errors import RefusedError, ServerError, UsageError
from pipeline.upkeep.restore import restore_store
from sandbox.http.faults import Answer, Ask, first
from sandbox.state.world import World
from tests.support.checking import checked, ids, one
from tests.support.deployments import NAME, Post, deployed, now
from tests.support.village import CLINICS, DATA_SET, form, lines, tracker, typed, village

HERE, MOVED = (f"{digit * 8}-0000-4000-8000-000000000000" for digit in "02")
COUNTS = """
    month  | clinic | what     | number
    202609 | a      | cases    | 5
    202609 | b      | girls    | 2
    202610 | a      | cases    | 6
"""
LATER = COUNTS.replace("| 5", "| 7")
TOMORROW = timedelta(hours=25)
OLD = {"old-plan": "the meeting was on Monday"}
FirstNight = tuple[Path, World, dict[str, dict[str, object]]]
MOVE = {ANOTHER_TARGET: "the ministry moved its server"}


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with village(tmp_path) as opened:
        assert opened.world.system_id == HERE
        tracker(opened, COUNTS)
        yield opened


@pytest.fixture(scope="module")
def first_night(tmp_path_factory: pytest.TempPathFactory) -> FirstNight:
    folder = tmp_path_factory.mktemp("first_night")
    with village(folder) as post:
        tracker(post, COUNTS)
        post.night()
        return folder, post.world, post.sections


@pytest.fixture
def begun(tmp_path: Path, first_night: FirstNight) -> Iterator[Post]:
    """Give a village after its first night."""
    folder, world, sections = first_night
    copytree(folder, tmp_path, dirs_exist_ok=True)
    with deployed(tmp_path, deepcopy(world), "2.43", "tally") as post:
        here = {side: {"url": post.sandbox.url} for side in ("source", "target")}
        for part in (sections, here):
            post.configure(**part)
        yield post


def move(post: Post, system_id: str = MOVED) -> None:
    """Let the server be set up anew elsewhere: all is as it was, and it has another id."""
    post.world.system_id = system_id


def loaded_late(post: Post, work: Work, *, resume: bool = False, **allowed: str) -> LoadRecord:
    """Load a plan on the next day."""
    return load(
        work, post.client, Silence(), allowed, resume=resume, clock=lambda: now() + TOMORROW
    )


@contextmanager
def line_broken(post: Post, *, after: int) -> Iterator[None]:
    """Break the line when the target was read so many times, which ends a load."""
    reads = iter(range(99))

    async def strike(_request: object, ask: Ask) -> Answer:
        if next(reads) < after:
            return await ask()
        return Answer(500, [(b"content-type", b"text/html")], b"<html>down</html>")

    post.sandbox.faults.append(first(99, "/api/dataValueSets", strike, "GET"))
    with pytest.raises(ServerError):
        yield
    post.sandbox.faults.clear()


def interrupted(post: Post, work: Work) -> None:
    """Let a load send its values, and stop before they are read back."""
    with line_broken(post, after=1):
        post.load(work)


def ours(post: Post, system_id: str) -> int:
    return post.begin().store.ledger(system_id).height


def passed(work: Work) -> list[tuple[str, str]]:
    return [(told["guard"], told["reason"]) for told in guards_passed(work.run)]


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
    assert len(journal.interrupted(broken.run)) == 1
    begun.night()

    assert journal.interrupted(broken.run) == []
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
    why = MOVED_ALARM.as_record() | {"reason": MOVE[ANOTHER_TARGET]}
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
    publish_work(post.night().work)
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
