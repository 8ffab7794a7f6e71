"""Whoever stops a run, and wherever: it ends at once, nothing is half-written, and it goes on."""

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

import polars as pl
import pytest
from starlette.requests import Request

from pipeline.cli import ONWARDS
from pipeline.store.transfer import Store
from sandbox.http.faults import Answer, Ask
from tests.journeys.test_bad_input import (
    COUNTS,
    insist_on_a_letter,
    insist_on_the_next_run,
    insist_on_whole_papers,
)
from tests.support.deployments import NAME, Post
from tests.support.frames import frame
from tests.support.mishaps import Strike, fill_up, interrupt, mishap, terminate
from tests.support.terminal import credentials, run, tally
from tests.support.village import form, lines, tracker, village

LONG = 120  # seconds after which a test gives up; none waits so long


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with village(tmp_path) as opened:
        tracker(opened, COUNTS)
        yield opened


class Held:
    """A server that does what it was asked, and does not answer until it is released."""

    def __init__(self, method: str, path: str) -> None:
        self.method, self.path = method, path
        self.asked, self.released = threading.Event(), threading.Event()

    async def __call__(self, request: Request, ask: Ask) -> Answer:
        if request.method != self.method or not request.url.path.startswith(self.path):
            return await ask()
        answer = await ask()
        self.asked.set()
        await asyncio.to_thread(self.released.wait, LONG)
        return answer


@contextmanager
def under_way(post: Post, method: str, path: str) -> Iterator[subprocess.Popen[str]]:
    """Begin a run in a process of its own, and let it wait for the server's answer."""
    held = Held(method, path)
    post.sandbox.faults.append(held)
    with subprocess.Popen(
        [sys.executable, "-m", "pipeline", "run", NAME, "--load"],
        env={**os.environ, **credentials(post)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert held.asked.wait(LONG)
        try:
            yield process
        finally:
            held.released.set()
    post.sandbox.faults.clear()


def test_a_second_run_at_once_is_refused_and_a_lock_dies_with_its_holder(post: Post) -> None:
    with under_way(post, "GET", "/api/analytics") as process:
        insist_on_a_letter(
            run(post), 8, f"another run of fever is under way: process {process.pid} … wait until"
        )
        process.kill()

    insist_on_whole_papers(post)
    insist_on_the_next_run(post)


WAITS = (
    (signal.SIGTERM, "GET", "/api/system/info"),
    (signal.SIGINT, "GET", "/api/analytics"),
    (signal.SIGINT, "POST", "/api/dataValueSets"),
)
WORDS = {signal.SIGINT: "interrupted", signal.SIGTERM: "terminated"}


def test_a_run_that_waits_for_a_server_ends_when_it_is_told_to(
    post: Post, subtests: pytest.Subtests
) -> None:
    for number, method, path in WAITS:
        with subtests.test(f"{number.name} at {method} {path}"):
            with under_way(post, method, path) as process:
                process.send_signal(number)
                out, err = process.communicate(timeout=LONG)
            assert (process.returncode, out) == (128 + number, "")
            told = f"{WORDS[number]}; nothing is half-written: {ONWARDS}"
            assert err == f"tally: {told}\n"

    insist_on_whole_papers(post)
    insist_on_the_next_run(post)


# At every paper of every stage.

POINTS = {
    "extract": ("requests.jsonl", "extract.json"),
    "transform": ("values.parquet", "transform.json"),
    "plan": ("plan.parquet", "plan.json", "plan.md"),
    "report": ("run.md",),
    "publish": (r"tally-.*Z.*\.duckdb", "latest.duckdb"),
}
MISHAPS = {interrupt: 130, terminate: 143, fill_up: 7}
BY_NAME = {strike.__name__: strike for strike in MISHAPS}


def insist_on_a_mishap(post: Post, stage: str, strike: Strike, paper: str, time: int = 1) -> None:
    """Give the command of a stage, and let it be stopped at a paper."""
    with mishap(post.deployment.root, paper, strike, time):
        said = tally(post, stage, NAME)
    assert (said.code, said.out) == (MISHAPS[strike], ""), said.everything
    assert re.match(r"tally: (the disk is full|.*nothing is half-written)", said.err)


def test_a_stage_may_be_stopped_at_any_paper_and_is_done_when_asked_again(
    post: Post, subtests: pytest.Subtests
) -> None:
    for stage, papers in POINTS.items():
        if stage == "report":
            assert tally(post, "load", NAME).code == 0
        for paper, strike in product(papers, MISHAPS):
            with subtests.test(f"{strike.__name__} at {paper} of {stage}"):
                insist_on_a_mishap(post, stage, strike, paper)
        insist_on_whole_papers(post)
        assert tally(post, stage, NAME).code == 0

    assert form(post) == lines(COUNTS)


POINTS_OF_LOAD = """
    paper                 | time | what happened | before
    journal.jsonl         | 2    | interrupt     | the load is noted to begin
    journal.jsonl         | 4    | fill_up       | a request leaves
    journal.jsonl         | 5    | terminate     | its answer is noted
    0001.outcomes.parquet | 1    | fill_up       | what was read back is kept
    load.json             | 1    | interrupt     | the load is noted to be done
"""


def test_a_load_may_be_stopped_at_any_paper_and_goes_on_as_it_says(
    post: Post, subtests: pytest.Subtests
) -> None:
    points = frame(POINTS_OF_LOAD, time=pl.Int64).rows()
    for number, (paper, time, strike, before) in enumerate(points, 10):
        counts = COUNTS.replace("| 5\n", f"| {number}\n")
        tracker(post, counts)
        assert tally(post, "run", NAME).code == 0
        with subtests.test(f"{strike} before {before}"):
            insist_on_a_mishap(post, "load", BY_NAME[strike], paper, time)
            insist_on_whole_papers(post)

        said = tally(post, "load", NAME)
        if "--resume" in said.err:
            said = tally(post, "load", NAME, "--resume")

        assert said.code == 0, said.everything
        assert form(post) == lines(counts)
    assert post.posts == len(points)
    assert Store(post.deployment.store(NAME)).ledger(post.world.system_id).height == 4


async def slow(request: Request, ask: Ask) -> Answer:
    """Say nothing for a while when asked what the form holds."""
    if (request.method, request.url.path) == ("GET", "/api/dataValueSets.csv"):
        await asyncio.sleep(1.5)
    return await ask()


def test_a_load_goes_on_after_read_timeout_was_raised_as_its_letter_says(post: Post) -> None:
    assert tally(post, "run", NAME).code == 0
    post.configure(target={"read_timeout": "1s", "retry_budget": "0s"})
    post.sandbox.faults.append(slow)

    said = tally(post, "load", NAME)

    insist_on_a_letter(said, 7, "said nothing for 1 seconds … raise read_timeout … --resume")
    post.configure(target={"read_timeout": "5m"})
    again = tally(post, "load", NAME, "--resume")
    assert again.code == 0, again.everything
    assert form(post) == lines(COUNTS)


# On a disk that is full.

ROOM = (0, 20, 60, 90, 170, 700, 2_000, 3_500)  # KiB left when a run begins


@pytest.mark.parametrize("small_disk", ["20m"], indirect=True)
def test_a_full_disk_is_told_with_the_file_that_had_no_room(small_disk: Path) -> None:
    with village(small_disk / "home") as post:
        tracker(post, COUNTS)
        insist_on_the_next_run(post)
        told = set()
        for number, room in enumerate(ROOM, 10):
            tracker(post, COUNTS.replace("| 5\n", f"| {number}\n"))
            filler = small_disk / "filler"
            filler.write_bytes(bytes(shutil.disk_usage(small_disk).free - room * 1024))

            said = run(post)

            insist_on_a_letter(said, 7, f"the disk is full … {small_disk} … make room")
            told |= {name for name in ("runs", "store", "published") if f"data/{name}/" in said.err}
            filler.unlink()
            insist_on_whole_papers(post)

        tracker(post, COUNTS)
        insist_on_the_next_run(post)
    assert told >= {"runs", "published"}
