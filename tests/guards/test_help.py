"""Every `--help` fits a screen and names its make target; `make` lists what it can do."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from pipeline.cli import COMMANDS, WITHOUT_TARGET
from tests.support.terminal import command

ROOT = Path(__file__).parents[2]
LINES, COLUMNS = 24, 80
NAMES = [one.__name__ for one in COMMANDS]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = re.findall(r"^([a-z]+):.*## ", MAKEFILE, re.MULTILINE)
OF_THE_HOUSE = {"test", "campaign", "bench", "lock", "format", "clean"}


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run make on a copy of the Makefile, in a folder where nothing was installed."""
    shutil.copy(ROOT / "Makefile", folder)
    (folder / "requirements").mkdir()
    for needed in ("pyproject.toml", "requirements/sandbox.txt"):
        (folder / needed).touch()
    # `make test` tells its children that they are its own, and they would say where they work
    alone = {name: text for name, text in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", *arguments], cwd=folder, env=alone, capture_output=True, text=True, check=False
    )


def insist_on_a_screen(text: str) -> None:
    lines = text.splitlines()
    assert len(lines) <= LINES, f"{len(lines)} lines:\n{text}"
    assert max(map(len, lines)) <= COLUMNS, text


@pytest.mark.parametrize("name", ["", *NAMES])
def test_a_help_fits_a_screen(name: str) -> None:
    said = command(*filter(None, [name]), "--help", COLUMNS=str(COLUMNS))

    assert said.code == 0
    insist_on_a_screen(said.out)
    if name:
        assert (f"make {name}" in said.out) == (name not in WITHOUT_TARGET)


def test_no_line_about_a_command_is_cut_short() -> None:
    said = command("--help", COLUMNS=str(COLUMNS))

    assert "..." not in said.out.partition("Commands:")[2]
    assert all(f"\n  {name} " in said.out for name in NAMES)


def test_every_command_has_a_target_or_needs_none() -> None:
    assert set(TARGETS) - OF_THE_HOUSE == set(NAMES) - WITHOUT_TARGET
    phony = re.search(r"^\.PHONY: ((?:.*\\\n)*.*)", MAKEFILE, re.MULTILINE)
    assert phony is not None
    assert set(phony[1].replace("\\", "").split()) == {*TARGETS, "help", "named", "browser"}


def test_make_alone_lists_the_targets(tmp_path: Path) -> None:
    said = make(tmp_path)

    assert said.returncode == 0
    assert re.findall(r"^  make ([a-z]+) ", said.stdout, re.MULTILINE) == TARGETS
    insist_on_a_screen(said.stdout)
    assert not (tmp_path / ".venv").exists()


def test_a_stage_needs_to_know_its_transfer(tmp_path: Path) -> None:
    said = make(tmp_path, "plan")

    assert said.returncode == 2
    assert "say which transfer: make plan TRANSFER=name" in said.stderr


@pytest.mark.parametrize("target", ["plan", "load", "run", "undo"])
def test_make_hands_a_guard_and_its_reason_on_as_they_were_written(
    tmp_path: Path, target: str
) -> None:
    options = '--allow old-plan --reason "read on Monday"'

    said = make(tmp_path, "--dry-run", target, "TRANSFER=fever", f"OPTIONS={options}")

    command_line = said.stdout.splitlines()[-1].split(maxsplit=3)
    assert command_line == [".venv/bin/tally", target, '"fever"', options]


def test_a_python_that_does_not_suit_is_told_in_one_sentence(tmp_path: Path) -> None:
    said = make(tmp_path, "demo", f"PYTHON={tmp_path}/no python")

    assert said.returncode == 2
    assert said.stderr.startswith("Tally needs Python 3.11, 3.12 or 3.13")
    assert len(said.stderr.splitlines()) == 2  # the sentence, and make's own line
    assert not (tmp_path / ".venv").exists()


def test_every_module_that_make_runs_is_there() -> None:
    modules = re.findall(r"python -m (tests[\w.]+)", MAKEFILE)

    assert "tests.guards.transfer_schema" in modules
    for module in modules:
        assert (ROOT / module.replace(".", "/")).with_suffix(".py").exists(), module
