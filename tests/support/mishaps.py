"""Mishaps at a chosen moment: just before a paper of a run gets its name, or a line is added."""

import os
import re
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from errno import ENOSPC
from pathlib import Path

Strike = Callable[[], None]


@dataclass
class _Trap:
    """Waits for the n-th time that a file of this name is about to change under a folder."""

    folder: str
    name: str
    left: int
    strike: Strike

    def feel(self, path: str) -> None:
        if path.startswith(self.folder) and re.fullmatch(self.name, Path(path).name):
            self.left -= 1
            if self.left == 0:
                self.strike()


_traps: list[_Trap] = []


def _listen(event: str, told: tuple[object, ...]) -> None:
    if _traps and event in ("os.rename", "open"):
        path = told[1] if event == "os.rename" else told[0]
        writes = event == "os.rename" or bool(int(str(told[2])) & (os.O_WRONLY | os.O_RDWR))
        if writes and isinstance(path, str | os.PathLike):
            _traps[-1].feel(os.fspath(path))


sys.addaudithook(_listen)  # Python never takes one away again; without a trap it does nothing


@contextmanager
def mishap(folder: Path, name: str, strike: Strike, time: int = 1) -> Iterator[None]:
    """Let something happen the n-th `time` a file whose name matches is about to change."""
    trap = _Trap(str(folder), name, time, strike)
    _traps.append(trap)
    try:
        yield
    finally:
        _traps.remove(trap)
    assert trap.left <= 0, f"{name} was never about to change"


def interrupt() -> None:
    """Do what Ctrl-C does."""
    signal.raise_signal(signal.SIGINT)


def terminate() -> None:
    """Do what a service manager does."""
    signal.raise_signal(signal.SIGTERM)


def fill_up() -> None:
    """Do what a full disk does."""
    raise OSError(ENOSPC, os.strerror(ENOSPC))
