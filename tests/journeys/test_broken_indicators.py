"""What a server cannot run is told at the top, and cron hears of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.deployments import NAME, Post
from tests.support.terminal import run, tally
from tests.support.village import form, tracker, village

COUNTS = """
    month  | clinic | what     | number
    202609 | a      | cases    | 5
    202609 | a      | enrolled | 6
    202610 | b      | girls    | 7
"""
ENROLLED = ("202609", "a", "enrolled", "6")


@pytest.fixture(name="post", params=["2.42", "2.43"])
def village_with_counts(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Post]:
    with village(tmp_path, request.param) as post:
        post.world.metadata["programs"].append({"id": "prBirths001", "name": "Births"})
        enrolled = post.world.metadata["programIndicators"][1]
        enrolled |= {"name": "Enrolled women", "program": {"id": "prBirths001"}}
        tracker(post, COUNTS)
        yield post


def names_it_at_the_top(text: str) -> bool:
    top = text.partition("\n## What became of the plan")[0]
    return (
        "**1 program indicator could not be run, so its cells are not known in this run" in top
        and "| Enrolled women | piEnrolled1 |" in top
    )


def test_a_load_that_held_the_cells_of_an_indicator_says_so_and_ends_with_6(post: Post) -> None:
    assert run(post).code == 0
    post.world.broken["piEnrolled1"] = "42703"

    broken = run(post)
    again = tally(post, "load", NAME)
    post.world.broken.clear()
    mended = run(post)

    assert (broken.code, again.code, mended.code) == (6, 6, 0), broken.everything
    assert names_it_at_the_top(broken.out)
    newest = max(post.deployment.runs(NAME).iterdir())
    texts = [path.read_text() for path in sorted(newest.parent.glob("*/run.md"))]
    assert [names_it_at_the_top(text) for text in texts] == [False, True, False]
    assert ENROLLED in form(post)


def test_a_program_without_its_table_stops_the_run_by_name_or_only_its_own_cells(
    post: Post,
) -> None:
    post.world.lacking_tables = {"prBirths001"}

    stopped = run(post)
    nothing = form(post)
    post.configure(
        source={
            "program_indicators": ["piCases0001", "piEnrolled1", "piBySex0001"],
            "on_broken": "hold",
        }
    )
    held = run(post)

    assert (stopped.code, nothing) == (7, [])
    assert "program indicator Enrolled women (piEnrolled1) of program Births (prBirths001)" in (
        stopped.err
    )
    assert 'on_broken = "hold"' in stopped.err
    assert held.code == 6, held.everything
    assert names_it_at_the_top(held.out)
    assert [line[2] for line in form(post)] == ["cases", "girls"]
    post.world.lacking_tables.clear()
    assert run(post).code == 0
    assert ENROLLED in form(post)
