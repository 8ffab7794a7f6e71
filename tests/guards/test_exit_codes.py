"""One number, one meaning: every exit code comes out of the command line for its own reason."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.requests import Request
from typer.models import CommandInfo

from pipeline import cli
from pipeline.run.lock import run_lock
from pipeline.text.errors import ExitCode
from sandbox.http.faults import Answer, Ask
from tests.support.deployments import NAME, Post
from tests.support.terminal import Said, command, credentials, tally
from tests.support.village import tracker, typed, village

ROOT = Path(__file__).parents[2]
COUNTS = """
    month  | clinic | what  | number
    202609 | a      | cases | 5
    202610 | b      | cases | 6
"""


def done(post: Post) -> Said:
    return tally(post, "run", NAME, "--load")


def a_bug(post: Post) -> Said:
    def slip() -> None:
        raise ZeroDivisionError

    cli.app.registered_commands.append(CommandInfo(name="slip", callback=slip))
    try:
        return tally(post, "slip")
    finally:
        cli.app.registered_commands.pop()


def usage(post: Post) -> Said:
    return tally(post, "run", "fevr")


def changes_pending(post: Post) -> Said:
    tally(post, "run", NAME)
    return tally(post, "plan", NAME, "--detailed-exitcode")


def findings(post: Post) -> Said:
    post.world.metadata["dataSets"][0]["periodType"] = "Quarterly"
    return tally(post, "verify", NAME)


def refused(post: Post) -> Said:
    tally(post, "run", NAME)
    post.configure(policy={"existing": "append"})
    return tally(post, "load", NAME)


def partly_loaded(post: Post) -> Said:
    tally(post, "run", NAME)
    typed(post, "month | clinic | what | number\n202609 | a | cases | 7")
    return tally(post, "load", NAME)


def unavailable(post: Post) -> Said:
    post.world.last_analytics_success = None
    return tally(post, "run", NAME)


def locked(post: Post) -> Said:
    with run_lock(post.deployment, NAME):
        return tally(post, "run", NAME)


def struck_by(number: signal.Signals) -> Callable[[Post], Said]:
    """Give a way to interrupt a command for real: a process of its own, while it asks."""

    def strike(post: Post) -> Said:
        process = subprocess.Popen(
            [sys.executable, "-m", "pipeline", "extract", NAME],
            env={**os.environ, **credentials(post)},
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

        async def signalled(_request: Request, ask: Ask) -> Answer:
            process.send_signal(number)
            return await ask()

        post.sandbox.faults.append(signalled)
        out, err = process.communicate(timeout=60)
        post.sandbox.faults.clear()
        return Said(process.returncode, out, err)

    return strike


PROVOKED: dict[ExitCode, Callable[[Post], Said]] = {
    ExitCode.DONE: done,
    ExitCode.BUG: a_bug,
    ExitCode.USAGE: usage,
    ExitCode.CHANGES_PENDING: changes_pending,
    ExitCode.FINDINGS: findings,
    ExitCode.REFUSED: refused,
    ExitCode.PARTLY_LOADED: partly_loaded,
    ExitCode.UNAVAILABLE: unavailable,
    ExitCode.LOCKED: locked,
    ExitCode.INTERRUPTED: struck_by(signal.SIGINT),
    ExitCode.TERMINATED: struck_by(signal.SIGTERM),
}


@pytest.mark.parametrize("code", ExitCode, ids=[code.name.lower() for code in ExitCode])
def test_an_exit_code_is_given_for_its_own_reason(code: ExitCode, tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS)
        said = PROVOKED[code](post)

    assert said.code == code, said.everything
    assert ("tally: " in said.err) == (code not in (0, 3, 4, 6)), said.err  # the others are results


def test_warnings_are_below_the_bar_only_when_it_is_strict(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        post.world.metadata["dataSets"][0]["organisationUnits"].pop()
        usual = tally(post, "verify", NAME)
        strict = tally(post, "verify", NAME, "--strict")

    assert (usual.code, strict.code) == (ExitCode.DONE, ExitCode.FINDINGS)


def test_too_many_rejects_are_below_the_bar(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS)
        post.map([("piEnrolled1", "", "deEnrolled1", "", "")])
        said = tally(post, "run", NAME)

    assert said.code == ExitCode.FINDINGS
    assert "tally: " in said.err


@pytest.mark.parametrize(
    "line", ["nonsense", "plan", "plan fever --nonsense", "plan fever --allow drift"]
)
def test_a_slip_of_the_pen_is_usage(line: str) -> None:
    assert command(*line.split()).code == ExitCode.USAGE


def test_the_readme_lists_every_code_once() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    table = text.partition("Exit codes:")[2].partition("\n\n`make`")[0]
    listed = [
        int(code)
        for row in re.findall(r"^\| ([\d, ]+) \|", table, re.MULTILINE)
        for code in row.split(",")
    ]

    assert listed == [int(code) for code in ExitCode]
