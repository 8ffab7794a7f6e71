"""A build of tables after a load makes no old count new."""

from datetime import timedelta
from pathlib import Path

import pytest

from sandbox.country.build import Clock
from sandbox.state.tables import build
from tests.support.deployments import NAME
from tests.support.terminal import run, tally
from tests.support.village import form, tracker, village

FIRST = "month | clinic | what | number\n 202609 | a | cases | 5"


@pytest.mark.parametrize("generation", ["2.42", "2.43"])
def test_a_night_after_a_build_without_the_events_is_refused(
    tmp_path: Path, generation: str
) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, FIRST)
        assert run(post).code == 0
        clock = post.world.clock
        assert isinstance(clock, Clock)
        clock.now += timedelta(hours=27)
        build(post.world, ["EVENT", "ENROLLMENT"])

        foretold, feigned = tally(post, "verify", NAME), run(post)
        build(post.world)
        fresh = run(post)

        assert (foretold.code, feigned.code, fresh.code) == (4, 7, 0), feigned.everything
        for said in (foretold, feigned):
            assert "left out events or programs, but 27 hours ago" in said.everything
        assert form(post) == [("202609", "a", "cases", "5")]
