"""The command line in this process: a command goes in, its code and what it said come out."""

import io
import os
import signal
import sys
from contextlib import redirect_stderr, redirect_stdout
from typing import NamedTuple
from unittest import mock

from pipeline.cli import SIGNALS, obey
from tests.support.deployments import NAME, PASSWORD, Post


class Said(NamedTuple):
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def everything(self) -> str:
        return self.out + self.err


def tally(post: Post, *arguments: str, **environment: str) -> Said:
    """Give a command to the deployment of a post, with its credentials in the environment."""
    return command(*arguments, **{**credentials(post), **environment})


def credentials(post: Post) -> dict[str, str]:
    """Give the environment in which commands find the deployment and may log in."""
    return {
        "TALLY_HOME": str(post.deployment.root),
        "DHIS2_USERNAME": next(iter(post.world.users)),
        "DHIS2_PASSWORD": PASSWORD,
    }


def command(*arguments: str, **environment: str) -> Said:
    """Run `tally` as a terminal-less shell would, but in this process."""
    out, err = io.StringIO(), io.StringIO()
    handlers = {number: signal.getsignal(number) for number in SIGNALS}
    try:
        with (
            mock.patch.dict(os.environ, environment),
            mock.patch.object(sys, "argv", ["tally", *arguments]),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            code = obey()
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    return Said(code, out.getvalue(), err.getvalue())


def run(post: Post, *options: str, **environment: str) -> Said:
    """Give the command of every night."""
    return tally(post, "run", NAME, "--load", *options, **environment)
