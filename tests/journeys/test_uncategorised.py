"""What a total counts and no category option does is told, and takes no number away."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.deployments import NAME, Post
from tests.support.terminal import run, tally
from tests.support.village import CLINICS, form, tracker, village

WHOLE = """
    month  | clinic | what  | number
    202609 | a      | boys  | 5
    202609 | a      | girls | 4
    202609 | b      | boys  | 3
    202609 | c      | cases | 8
"""
# Somebody edited the option filters: girls of one age are in no option, or boys are girls as well.
IN_NONE = WHOLE.replace("girls | 4", "girls | 1") + "    202609 | a | unsaid | 3\n"
IN_TWO = WHOLE.replace("girls | 4", "girls | 1") + "    202609 | a | both | 3\n"


@pytest.fixture(name="post", params=["2.42", "2.43"])
def village_after_a_night(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Post]:
    with village(tmp_path, request.param) as post:
        tracker(post, WHOLE)
        assert run(post).code == 0
        yield post


def test_events_of_no_option_are_in_run_md_and_in_a_view_and_the_number_stays(post: Post) -> None:
    stood = form(post)
    tracker(post, IN_NONE)

    said = run(post)

    assert said.code == 0
    assert form(post) == stood
    page = (max(post.deployment.runs(NAME).iterdir()) / "run.md").read_text()
    told = page.partition("## Counted in a total, but in no category option")[2]
    assert f"| piBySex0001 | 202609 | {CLINICS['a']} | 9 | 6 | 3 |" in told
    assert "the total of its program indicator did not" in page
    question = "select org_unit, period, total, categorised, remainder from remainders"
    view = tally(post, "sql", NAME, question, "--csv")
    assert f"{CLINICS['a']},202609,9,6,3" in view.out


def test_events_of_two_options_hold_the_indicator_and_cron_hears_of_it(post: Post) -> None:
    stood = form(post)
    tracker(post, IN_TWO.replace("cases | 8", "cases | 9"))

    said = run(post)
    found = tally(post, "verify", NAME)

    assert said.code == 6
    assert ("202609", "c", "cases", "9") in form(post)
    assert [line for line in form(post) if line[2] != "cases"] == [
        line for line in stood if line[2] != "cases"
    ]
    assert "Multiple Category Options" in said.everything
    assert "overlapping-options" in found.everything
