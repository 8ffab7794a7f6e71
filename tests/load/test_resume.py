"""A load that broke off goes on where it stopped, or is settled by whoever comes next."""

from pathlib import Path

import pytest
from starlette.requests import Request

from pipeline.load import throttle
from pipeline.load.stage import load
from pipeline.run.progress import Silence
from pipeline.text.errors import RefusedError, ServerError, UsageError
from sandbox.http.faults import Answer, Ask
from tests.load.loads import (
    COUNTS,
    GENERATIONS,
    MANY,
    SMALL,
    VALUES,
    counts,
    ledger,
    takes_nothing_and_says,
)
from tests.support.deployments import Post, outcomes
from tests.support.faults import first, too_many
from tests.support.village import form, lines, tracker, typed, village


def test_a_server_that_stays_busy_ends_the_load_and_resume_goes_on(post: Post) -> None:
    work, _ = post.plan()
    post.sandbox.faults.append(first(99, VALUES, too_many("50"), "POST"))

    with pytest.raises(ServerError, match="too busy") as told:
        load(work, post.client, Silence(), sleep=lambda _: None)
    post.sandbox.faults.clear()

    assert "--resume" in told.value.remedy
    assert post.posts == 3
    assert post.load(work, resume=True).counts == counts(loaded=5)


def test_a_login_that_was_withdrawn_stops_the_load_and_nothing_is_lost(post: Post) -> None:
    work, _ = post.plan()
    user = post.world.users["tally"]
    user.authorities = frozenset({"F_VIEW_EVENT_ANALYTICS"})

    loaded = post.load(work)

    assert loaded.counts["refused"] == 5
    assert "F_DATAVALUE_ADD" in outcomes(work)["reason"][0]


def _broken_line(post: Post, after: int) -> None:
    """Let the line break when the target is read the given number of times more."""
    reads = iter(range(99))

    async def strike(_request: Request, ask: Ask) -> Answer:
        if next(reads) < after:
            return await ask()
        return Answer(500, [(b"content-type", b"text/html")], b"<html>down</html>")

    post.sandbox.faults.append(first(99, VALUES, strike, "GET"))


@GENERATIONS
def test_a_load_that_broke_off_after_writing_is_resumed(tmp_path: Path, generation: str) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        work, _ = post.plan()
        _broken_line(post, after=1)
        with pytest.raises(ServerError):
            post.load(work)
        post.sandbox.faults.clear()

        with pytest.raises(UsageError, match="interrupted") as told:
            post.load(work)
        resumed = post.load(work, resume=True)

        assert "--resume" in told.value.remedy
        assert resumed.counts == counts(loaded=5)
        assert form(post) == lines(COUNTS)
        assert post.posts == 1
        assert ledger(post) == 5


@GENERATIONS
def test_a_load_that_broke_off_is_settled_by_the_next_plan(tmp_path: Path, generation: str) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        work, _ = post.plan()
        _broken_line(post, after=1)
        with pytest.raises(ServerError):
            post.load(work)
        post.sandbox.faults.clear()
        typed(post, "month | clinic | what | number\n 202609 | a | cases | 7")

        night = post.night()

        assert night.actions == {"keep": 4, "conflict": 1}
        assert ledger(post) == 4
        assert form(post, of="clerk") == [("202609", "a", "cases", "7")]


def test_a_load_that_was_begun_is_not_planned_again(post: Post) -> None:
    work, _ = post.plan()
    _broken_line(post, after=1)
    with pytest.raises(ServerError):
        post.load(work)
    post.sandbox.faults.clear()

    with pytest.raises(RefusedError, match="load of this run was begun"):
        post.plan(work)


def test_a_load_is_not_resumed_over_another_run(post: Post) -> None:
    work, _ = post.plan()
    _broken_line(post, after=0)
    with pytest.raises(ServerError):
        post.load(work)
    post.sandbox.faults.clear()
    newer = post.night().work.run.run_id

    with pytest.raises(RefusedError, match=f"run {newer} was loaded after"):
        post.load(work, resume=True)


def test_what_was_sent_to_another_system_waits_until_that_system_is_the_target(post: Post) -> None:
    work, _ = post.plan()
    _broken_line(post, after=1)
    with pytest.raises(ServerError):
        post.load(work)
    post.sandbox.faults.clear()
    here, elsewhere = post.world.system_id, "22222222-0000-4000-8000-000000000000"
    standing, post.world.values = post.world.values, {}

    post.world.system_id = elsewhere
    post.plan()
    post.world.system_id, post.world.values = here, standing

    assert ledger(post) == 0
    assert post.load(work, resume=True).counts == counts(loaded=5)
    assert ledger(post) == 5


def test_the_same_number_typed_by_a_person_while_a_load_lay_broken_is_theirs(post: Post) -> None:
    work, _ = post.plan()
    said = b'{"status": "SUCCESS"}'
    post.sandbox.faults.append(first(1, VALUES, takes_nothing_and_says(said), "POST"))
    _broken_line(post, after=1)
    with pytest.raises(ServerError):
        post.load(work)
    post.sandbox.faults.clear()
    typed(post, "month | clinic | what | number\n 202609 | a | cases | 5")

    loaded = post.load(work, resume=True)

    assert loaded.counts == counts(loaded=4, unchanged=1)
    assert ledger(post) == 4


@pytest.mark.parametrize("after", [0, 3])
def test_a_load_of_many_chunks_goes_on_with_the_chunk_where_it_stopped(
    post: Post, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "TURNS_OF_A_CHUNK", 4)
    tracker(post, MANY)
    work, _ = post.plan()
    _broken_line(post, after)
    with pytest.raises(ServerError):
        load(work, post.client, Silence(), limits=SMALL)
    post.sandbox.faults.clear()

    resumed = load(work, post.client, Silence(), limits=SMALL, resume=True)

    assert resumed.counts == counts(loaded=36)
    assert resumed.requests == post.posts == 9
    assert form(post) == lines(MANY)
    assert ledger(post) == 36
