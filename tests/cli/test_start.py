"""A command reads no library that it does not need: `--help` is there at once."""

import subprocess
import sys

import pytest

HEAVY = "polars", "pandera", "httpx", "duckdb", "jinja2", "xlsxwriter"
LOADED = """
import sys
sys.argv = ["tally", *sys.argv[1:]]
from pipeline.cli import app
try:
    app()
except SystemExit:
    pass
print(*sys.modules, file=sys.stderr)
"""


def loaded(*arguments: str) -> set[str]:
    program = [sys.executable, "-c", LOADED, *arguments]
    return set(subprocess.run(program, capture_output=True, text=True, check=True).stderr.split())


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["run", "--help"], ["demo", "--help"]]
)
def test_a_help_waits_for_no_library(arguments: list[str]) -> None:
    modules = loaded(*arguments)

    assert "pipeline.cli.stages" in modules
    assert modules.isdisjoint(HEAVY)


def test_the_store_does_not_wait_for_pandera() -> None:
    program = "import sys, pipeline.store.transfer; print(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    assert b"duckdb" in said.stdout
    assert b"pandera" not in said.stdout
