"""On a disk that may only be read, nothing is begun and what was published can still be asked."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.journeys.test_bad_input import COUNTS, insist_on_a_letter, insist_on_whole_papers
from tests.support.deployments import Post
from tests.support.terminal import run, tally
from tests.support.village import form, tracker, village

COMMANDS = (
    ("run", "fever", "--load"),
    ("extract", "fever"),
    ("plan", "fever"),
    ("publish", "fever"),
    ("prune", "fever"),
    ("restore", "fever"),
)


@contextmanager
def for_reading_only(disk: Path) -> Iterator[None]:
    """Mount the disk anew so that nobody may write on it, and back."""
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    try:
        yield
    finally:
        subprocess.run(["mount", "-o", "remount,rw", disk], check=True)


@pytest.fixture
def post(small_disk: Path) -> Iterator[Post]:
    with village(small_disk / "home") as opened:
        tracker(opened, COUNTS)
        assert run(opened, "--load").code == 0
        yield opened


@pytest.mark.parametrize("small_disk", ["64m"], indirect=True)
def test_a_disk_that_may_only_be_read_is_told_and_keeps_what_was_published(
    post: Post, small_disk: Path, subtests: pytest.Subtests
) -> None:
    posts, stood = post.posts, form(post)

    with for_reading_only(small_disk):
        for arguments in COMMANDS:
            with subtests.test(arguments[0]):
                insist_on_a_letter(tally(post, *arguments), 7, "Read-only file system … to do")
        asked = tally(post, "sql", "fever", "select count(*) as cells from data_values", "--csv")

    assert (asked.code, asked.out) == (0, "cells\n4\n")
    assert (post.posts, form(post)) == (posts, stood)
    insist_on_whole_papers(post)
    assert run(post, "--load").code == 0
