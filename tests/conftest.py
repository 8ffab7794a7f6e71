"""What every test of this house may ask for."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.sandbox.recordings.pairs import RECORDINGS

settings.register_profile(
    "ci",
    deadline=None,
    derandomize=True,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ci")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how much of the recordings the sandbox claims, when the replay ran.

    The table is the one that `test_the_share_that_is_claimed_is_written_down` checks.
    """
    ran = {report.nodeid for report in terminalreporter.getreports("passed")}
    if any("test_the_share_that_is_claimed" in one for one in ran):
        table = (RECORDINGS / "README.md").read_text(encoding="utf-8")
        terminalreporter.section("recorded answers that the sandbox gives, of those recorded")
        for line in table.splitlines():
            if line.startswith("|"):
                terminalreporter.write_line(line)


@pytest.fixture
def small_disk(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """Mount a disk of six mebibytes (or as many as asked), or skip where that is not allowed."""
    size = getattr(request, "param", "6m")
    mount = shutil.which("mount")
    if mount is None:
        pytest.skip("no `mount` here, so no disk to fill")
    disk = tmp_path / "disk"
    disk.mkdir()
    told = subprocess.run(
        [mount, "-t", "tmpfs", "-o", f"size={size},mode=0750", "tmpfs", disk],
        capture_output=True,
        text=True,
        check=False,
    )
    if told.returncode != 0:
        pytest.skip(f"a small disk cannot be mounted here: {told.stderr.strip()}")
    yield disk
    subprocess.run(["umount", disk], check=True)
