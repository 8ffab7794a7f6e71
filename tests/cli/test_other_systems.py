"""A system that Tally does not run on is told so in a letter, not in a traceback."""

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.text.errors import ExitCode

ROOT = Path(__file__).parents[2]
# What Windows lacks of what Tally needs: the lock of files, and signals that end a wait.
AS_ON_WINDOWS = """
import signal, sys
sys.modules["fcntl"] = None
del signal.siginterrupt
from pipeline.cli import main
sys.argv = ["tally", *sys.argv[1:]]
main()
"""


def tally_on_windows(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", AS_ON_WINDOWS, *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("line", ["run fever --load", "verify fever", "runs fever", "demo"])
def test_a_command_on_windows_ends_with_a_letter(line: str) -> None:
    said = tally_on_windows(*line.split())

    assert said.returncode == ExitCode.USAGE
    assert "tally: Tally runs on Linux and macOS" in said.stderr
    assert "on Windows, use WSL" in said.stderr
    assert "Traceback" not in said.stderr


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version_are_told_there_too(option: str) -> None:
    said = tally_on_windows(option)

    assert (said.returncode, said.stderr) == (ExitCode.DONE, "")
    assert said.stdout
