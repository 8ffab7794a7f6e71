"""Analytics tables that are too old are refused, or waited for, by the server's own clock."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.config.reading import read_transfer
from pipeline.config.sections import Source
from pipeline.extract.freshness import POLL_SECONDS, Sleep, insist_on_fresh
from pipeline.extract.rules.freshness import Needs
from pipeline.text.errors import ExitCode, UnavailableError
from sandbox.country.build import Clock
from sandbox.state.tables import build
from schemas.server import SystemInfo
from tests.support.deployments import NAME, Post
from tests.support.village import village

EVENTS = Needs(frozenset({"EVENT"}))


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with village(tmp_path) as opened:
        yield opened


def source(post: Post, **keys: str) -> Source:
    post.configure(source=keys)
    return read_transfer(post.deployment.configuration(NAME)).source


def insist(post: Post, settings: Source, sleep: Sleep) -> SystemInfo:
    return insist_on_fresh(post.client, settings, EVENTS, sleep)


def let_pass(post: Post, **time: float) -> None:
    clock = post.world.clock
    assert isinstance(clock, Clock)
    clock.now += timedelta(**time)


def never_asleep(_seconds: float) -> None:
    raise AssertionError("nobody waits here")


def test_tables_are_fresh_until_their_last_second(post: Post) -> None:
    let_pass(post, hours=26)
    info = insist(post, source(post), never_asleep)
    assert info.now - timedelta(hours=26) == info.last_analytics

    let_pass(post, seconds=1)
    with pytest.raises(
        UnavailableError, match="26 hours and 1 minute ago; at most 26 hours is"
    ) as told:
        insist(post, source(post), never_asleep)

    assert told.value.exit_code == ExitCode.UNAVAILABLE
    assert "build them on the server" in told.value.remedy


def test_tables_that_were_never_built_are_not_fresh(post: Post) -> None:
    post.world.last_analytics_success = None

    with pytest.raises(UnavailableError, match="were never built"):
        insist(post, source(post), never_asleep)


def test_this_machines_clock_does_not_matter(post: Post) -> None:
    let_pass(post, days=-4000)
    build(post.world)

    insist(post, source(post, max_analytics_age="1h"), never_asleep)


def test_new_tables_are_waited_for(post: Post) -> None:
    let_pass(post, hours=30)
    naps: list[float] = []

    def sleep(seconds: float) -> None:
        naps.append(seconds)
        if len(naps) == 3:
            build(post.world)

    insist(post, source(post, when_stale="wait", wait_at_most="5m"), sleep)

    assert naps == [POLL_SECONDS] * 3


def test_patience_has_an_end(post: Post) -> None:
    let_pass(post, hours=30)
    naps: list[float] = []

    with pytest.raises(UnavailableError, match="were built 30 hours ago"):
        insist(post, source(post, when_stale="wait", wait_at_most="50s"), naps.append)

    assert naps == [20, 20, 10]


def test_a_build_without_the_events_makes_nothing_younger(post: Post) -> None:
    let_pass(post, hours=20)
    build(post.world, ["EVENT"])

    info = insist(post, source(post), never_asleep)

    assert info.now - timedelta(hours=20) == info.last_analytics
    let_pass(post, hours=7)
    with pytest.raises(UnavailableError, match="left out events or programs, but 27 hours ago"):
        insist(post, source(post), never_asleep)


def test_where_no_build_with_the_events_is_told_none_is_believed(post: Post) -> None:
    post.world.table_runs.clear()
    let_pass(post, hours=1)
    build(post.world, ["EVENT"])

    with pytest.raises(UnavailableError, match="nor does the server tell when they were"):
        insist(post, source(post), never_asleep)
