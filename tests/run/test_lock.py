"""One holder at a time has a transfer, and whoever comes second is told who it is."""

import os
from pathlib import Path

import pytest

from pipeline.files.deployment import Deployment
from pipeline.run.lock import run_lock
from pipeline.text.errors import LockedError


def test_a_transfer_is_held_once_and_free_again_afterwards(tmp_path: Path) -> None:
    deployment = Deployment(tmp_path)

    with run_lock(deployment, "fever"):
        with (
            pytest.raises(LockedError, match=f"under way: process {os.getpid()}"),
            run_lock(deployment, "fever"),
        ):
            pass
        with run_lock(deployment, "measles"):
            pass

    with run_lock(deployment, "fever"):
        pass


def test_a_lock_is_free_after_a_fault(tmp_path: Path) -> None:
    deployment = Deployment(tmp_path)

    with pytest.raises(RuntimeError), run_lock(deployment, "fever"):
        raise RuntimeError

    with run_lock(deployment, "fever"):
        pass
