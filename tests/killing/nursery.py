"""A process that has all of Tally in memory and gives birth to others, each with one command.

A fresh interpreter reads libraries for a second; a child that is forked before any of them has
worked lives as a fresh one would. Orders come as lines of JSON, and so do the ends.
"""

import gc
import json
import os
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from types import TracebackType
from typing import Self

ROOM = Path(__file__).parents[2]
NEEDED = (
    *("pipeline.cli", "pipeline.cli.outcomes", "pipeline.cli.steps", "pipeline.publish"),
    *("pandera.backends.polars.register", "pandera.backends.polars.builtin_checks"),
    *("pyarrow", "httpcore", "h11"),  # what a command would read late, each child anew
)


class Nursery:
    """Use it as a context manager; it gives one command after the other."""

    def __enter__(self) -> Self:
        self._process = Popen(
            [sys.executable, "-m", "tests.killing.nursery"],
            cwd=ROOM,
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            text=True,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.communicate()

    def run(self, *arguments: str, output: Path, **environment: str) -> int:
        """Run `tally` in a process of its own; give its exit code, or minus the signal it died of.

        What it says goes to the file `output`.
        """
        order = {"arguments": arguments, "environment": environment, "output": str(output)}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


def bear_children(main: Callable[[], None]) -> None:
    """Run one child per order, and tell how each ended."""
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            output = os.open(order["output"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            os.dup2(output, 1)
            os.dup2(output, 2)
            os.environ.update(order["environment"])
            sys.argv = ["tally", *order["arguments"]]
            main()
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    tally, *_ = [import_module(name) for name in NEEDED]
    gc.freeze()  # so that no child looks through, and copies, what it shares with the others
    bear_children(tally.main)
