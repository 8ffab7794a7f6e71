"""A plan that grew old, and a server that moved: a person goes on by name, and is named for it."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.responses import Response

from tests.support.deployments import NAME, Post
from tests.support.faults import first, instead
from tests.support.paper import open_paper_form
from tests.support.terminal import run, tally
from tests.support.village import form, lines, tracker, village

COUNTS = """
    month  | clinic | what  | number
    202609 | a      | cases | 5
    202610 | a      | cases | 6
    202610 | b      | girls | 2
"""
LATER = COUNTS.replace("| 5", "| 7")
MOVED = "22222222-0000-4000-8000-000000000000"


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with village(tmp_path) as opened:
        tracker(opened, COUNTS)
        yield opened


def go_on(post: Post, letter: str, why: str) -> int:
    """Give the command that a letter names, with a reason in the place of its dots."""
    named = re.search("`tally (load .*?)`", " ".join(letter.split()))
    assert named is not None, letter
    return tally(post, *shlex.split(named[1].replace("…", why))).code


def pages(post: Post) -> tuple[str, str]:
    """Give what `tally show` and run.md tell of the newest run."""
    newest = max(post.deployment.runs(NAME).iterdir())
    return tally(post, "show", NAME).out, (newest / "run.md").read_text()


def test_an_old_plan_is_loaded_with_the_command_that_its_letter_names(post: Post) -> None:
    post.configure(guards={"max_plan_age": "0s"})
    assert tally(post, "run", NAME).code == 0

    refused = tally(post, "load", NAME)
    assert refused.code == 5
    for part in ("old-plan: this plan was made 1 minute ago", "usual is at most 0 minutes"):
        assert part in refused.err
    assert "guard old-plan: this plan" not in tally(post, "show", NAME).out
    assert tally(post, "load", NAME, "--allow", "old-plan").code == 2
    assert (
        "no guard 'plan-old'"
        in tally(post, "load", NAME, "--allow", "plan-old", "--reason", "a slip").err
    )
    assert post.posts == 0

    assert go_on(post, refused.err, "read on Monday") == 0

    assert form(post) == lines(COUNTS)
    for page in pages(post):
        assert "old-plan" in page
        assert "this plan was made 1 minute ago" in page
        assert "read on Monday" in page
    post.configure(guards={"max_plan_age": "24h"})
    tracker(post, LATER)
    assert run(post).code == 0
    assert form(post) == lines(LATER)


def test_a_whole_run_takes_the_reason_along_to_its_load(post: Post) -> None:
    post.configure(guards={"max_plan_age": "0s"})

    assert run(post).code == 5
    assert run(post, "--allow", "old-plan", "--reason", "a slow night").code == 0

    assert "a slow night" in pages(post)[0]


def test_a_server_that_moved_is_gone_on_with_once_and_then_it_is_as_ever(post: Post) -> None:
    assert run(post).code == 0
    tracker(post, LATER)
    post.world.system_id = MOVED
    posts = post.posts

    stopped = run(post)
    assert stopped.code == 5
    told = " ".join(stopped.out.split())
    assert f"the target is system {MOVED}, and what is ours was written to system 0000" in told
    assert "of our 3 values in this plan, 3 stand there as we wrote them" in told
    assert "--allow another-target --reason" in told
    assert tally(post, "load", NAME).code == 5
    assert post.posts == posts
    assert form(post) == lines(COUNTS)

    assert run(post, "--allow", "another-target", "--reason", "the ministry moved it").code == 0

    assert form(post) == lines(LATER)
    for page in pages(post):
        assert "another-target" in page
        assert "the ministry moved it" in page
    tracker(post, COUNTS)
    assert run(post).code == 0
    assert form(post) == lines(COUNTS)
    assert "another-target" not in "".join(pages(post))


@pytest.mark.parametrize("generation", ["2.42", "2.43"])
def test_a_new_server_that_tells_its_id_later_is_the_same_target(
    generation: str, tmp_path: Path
) -> None:
    with village(tmp_path / "new", generation) as post:
        hidden = instead(Response('{"httpStatusCode": 403}', 403, media_type="application/json"))
        post.sandbox.faults.append(first(1_000, "/api/configuration/systemId", hidden))
        post.world.tells_system_id = False
        tracker(post, COUNTS)
        assert run(post).code == 0
        tracker(post, LATER)
        assert tally(post, "run", NAME).code == 0
        post.world.tells_system_id = True

        assert tally(post, "load", NAME).code == 0
        assert form(post) == lines(LATER)
        tracker(post, COUNTS)
        assert run(post).code == 0

        assert form(post) == lines(COUNTS)
        assert "another-target" not in "".join(pages(post))


def test_a_server_that_moved_between_plan_and_load_is_gone_on_with_and_compared(
    post: Post,
) -> None:
    open_paper_form(post)
    assert run(post).code == 0
    tracker(post, LATER)
    assert tally(post, "run", NAME).code == 0
    post.world.system_id = MOVED

    refused = tally(post, "load", NAME)
    assert refused.code == 5
    assert f"the target is system {MOVED}, and this plan was made for system 0000" in " ".join(
        refused.err.split()
    )

    assert go_on(post, refused.err, "moved at noon") == 0

    assert form(post) == lines(LATER)
    assert all("moved at noon" in page for page in pages(post))
    assert "discrepancies.html" in pages(post)[1]


def test_a_guard_of_the_plan_can_be_passed_when_it_is_loaded(post: Post) -> None:
    assert run(post).code == 0
    tracker(post, "month | clinic | what | number")
    assert run(post).code == 5

    refused = tally(post, "load", NAME)
    assert "stops the load" in tally(post, "show", NAME).out
    assert go_on(post, refused.err, "the register was emptied") == 0

    assert form(post) == []
    shown, told = pages(post)
    assert "the register was emptied" in shown
    assert "the register was emptied" in told
    assert "stops the load" not in shown
