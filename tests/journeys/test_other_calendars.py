"""A server whose calendar Tally cannot count is refused by every command, before it is asked."""

import copy
from pathlib import Path

import pytest

from pipeline.text.errors import ExitCode
from sandbox.http.server import running
from tests.support.deployments import NAME
from tests.support.terminal import tally
from tests.support.village import form, tracker, village

COUNTS = "month | clinic | what | number\n 202609 | a | cases | 5"


@pytest.mark.parametrize("generation", ["2.42", "2.43"])
@pytest.mark.parametrize(("side", "calendar"), [("source", "nepali"), ("target", "Thai")])
def test_another_calendar_on_either_side_is_refused_although_the_periods_are_listed(
    tmp_path: Path, generation: str, side: str, calendar: str
) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        with running(copy.deepcopy(post.world), generation) as there:
            post.configure(target={"url": there.url})
            servers = {"source": post.sandbox, "target": there}
            assert tally(post, "extract", NAME).code == ExitCode.DONE
            assert tally(post, "transform", NAME).code == ExitCode.DONE
            assert tally(post, "plan", NAME).code == ExitCode.DONE
            servers[side].world.settings["keyCalendar"] = calendar
            servers[side].requests.clear()

            checked = tally(post, "verify", NAME)
            # a load asks nothing of the source
            commands = ["plan", *(["load"] if side == "target" else []), "run", "extract"]
            said = {command: tally(post, command, NAME) for command in commands}

            asked = {line.path for line in servers[side].requests}

        assert checked.code == ExitCode.FINDINGS
        assert f"{side}-calendar" in checked.out
        assert "iso8601 and gregorian only" in checked.out
        for one in said.values():
            assert one.code == ExitCode.USAGE
            assert f"the server uses the {calendar.lower()} calendar" in one.err
        assert asked == {"/api/system/info"}
        assert form(post) == []
