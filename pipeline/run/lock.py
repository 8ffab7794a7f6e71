"""One process at a time works on a transfer; the lock dies with its holder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.files.deployment import Deployment
from pipeline.files.whole import on_disk, write_all
from pipeline.text.errors import LockedError


@contextmanager
def run_lock(deployment: Deployment, transfer: str) -> Iterator[None]:
    """Hold the transfer for one process; the lock dies with its holder."""
    path = deployment.store(transfer).with_suffix(".lock")
    with on_disk(path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        path.touch(mode=0o600, exist_ok=True)
    with path.open("r+b", buffering=0) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = lock.readall().decode(errors="replace").strip() or "another process"
            raise LockedError(
                f"another run of {transfer} is under way: {holder}",
                where=str(path),
                remedy="wait until it ends; a lock whose holder died is free by itself",
            ) from None
        with on_disk(path):
            lock.truncate(0)
            write_all(lock, f"process {os.getpid()}".encode())
        try:
            yield
        finally:
            lock.truncate(0)
