"""Whoever reads what a command says may leave: it does all it was told, and nobody complains."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.deployments import NAME, Post
from tests.support.terminal import credentials
from tests.support.village import form, lines, tracker, village

COUNTS = """
    month  | clinic | what  | number
    202609 | a      | cases | 5
    202610 | b      | boys  | 6
"""


@pytest.fixture
def closed() -> Iterator[int]:
    """Give the writing end of a pipe that nobody reads any more."""
    reading, writing = os.pipe()
    os.close(reading)
    yield writing
    os.close(writing)


def ended(post: Post, *arguments: str, stdout: int, stderr: int) -> tuple[int, str]:
    """Give a command in a process of its own: its exit code, and what it said on stderr."""
    process = subprocess.run(
        [sys.executable, "-m", "pipeline", *arguments],
        env={**os.environ, **credentials(post)},
        stdout=stdout,
        stderr=stderr,
        text=True,
        check=False,
    )
    return process.returncode, process.stderr


def test_a_night_goes_on_when_nobody_listens(tmp_path: Path, closed: int) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS)
        code, _ = ended(post, "run", NAME, "--load", stdout=closed, stderr=closed)

        assert code == 0
        assert form(post) == lines(COUNTS)


@pytest.mark.parametrize("arguments", [["--help"], ["runs", NAME], ["runs", NAME, "--json"]])
def test_an_answer_that_nobody_reads_is_no_fault(
    tmp_path: Path, closed: int, arguments: list[str]
) -> None:
    with village(tmp_path) as post:
        post.transform()
        told = ended(post, *arguments, stdout=closed, stderr=subprocess.PIPE)

    assert told == (0, "")


def test_a_letter_that_nobody_reads_keeps_its_code(tmp_path: Path, closed: int) -> None:
    with village(tmp_path) as post:
        code, _ = ended(post, "show", "other", stdout=closed, stderr=closed)

    assert code == 2


def test_a_command_may_begin_without_any_way_out() -> None:
    mute = ["bash", "-c", 'exec "$@" >&- 2>&-', "mute"]
    told = [
        subprocess.run([*mute, sys.executable, "-m", "pipeline", *arguments], check=False)
        for arguments in (["--help"], ["nonsense"])
    ]

    assert [process.returncode for process in told] == [0, 2]
