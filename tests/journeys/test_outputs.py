"""What commands write for scripts and for nobody: one JSON document, and quiet."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer

from pipeline.cli import app
from tests.support.deployments import NAME, Post
from tests.support.terminal import Said, tally
from tests.support.village import CLINICS, DEFAULT, tracker, typed, village

COUNTS = """
    month  | clinic | what  | number
    202609 | a      | cases | 5
    202609 | b      | girls | 2
    202610 | a      | cases | 6
"""
CELL = f"deCases0001/202609/{CLINICS['a']}/{DEFAULT}/{DEFAULT}"
FIRST, LATEST = "first run", "latest run"  # stand for the ids of runs
ASKED: dict[str, list[tuple[str, ...]]] = {
    "verify": [()],
    "extract": [()],
    "transform": [()],
    "plan": [(), ("--run", LATEST)],
    "load": [("--dry-run",), (), ()],
    "run": [(), ("--load",)],
    "publish": [()],
    "runs": [()],
    "show": [()],
    "changes": [(FIRST, LATEST)],
    "history": [(CELL,)],
    "conflicts": [()],
    "sql": [("select count(*) as cells from data_values",)],
    "export": [("exported",)],
    "prune": [("--dry-run",), ()],
    "undo": [("--run", FIRST)],
    "restore": [()],
}


def commands() -> set[str]:
    """Give the commands that print JSON when asked to."""
    listed: Any = typer.main.get_command(app)
    return {
        name
        for name, one in listed.commands.items()
        if any("--json" in parameter.opts for parameter in one.params)
    }


def give(post: Post, name: str, *arguments: str, **environment: str) -> Said:
    """Give a command with the ids of runs, and a folder of the deployment, filled in."""
    runs = sorted(path.name for path in post.deployment.runs(NAME).iterdir())
    filled = {FIRST: runs[0], LATEST: runs[-1], "exported": str(post.deployment.root / "exported")}
    return tally(post, name, NAME, *(filled.get(one, one) for one in arguments), **environment)


def test_every_command_with_json_prints_one_document_and_nothing_else(
    tmp_path: Path, subtests: pytest.Subtests
) -> None:
    assert ASKED.keys() == commands()
    with village(tmp_path) as post:
        tracker(post, COUNTS)
        typed(post, "month | clinic | what | number\n 202610 | a | cases | 9")
        tally(post, "run", NAME, "--load")
        tracker(post, COUNTS.replace("| 5\n", "| 7\n"))

        for name, calls in ASKED.items():
            for arguments in calls:
                with subtests.test(f"{name} {' '.join(arguments)}"):
                    said = give(post, name, *arguments, "--json")
                    assert (said.code, said.err) == (0, "")
                    assert isinstance(json.loads(said.out), dict | list)


def test_without_a_terminal_a_night_writes_its_report_and_no_progress(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS)

        said = tally(post, "run", NAME, "--load")

    assert said.out.startswith("# Run ")
    assert "\x1b" not in said.out
    assert said.err == ""


def test_an_answer_without_a_row_is_told_in_words(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS)
        none = [tally(post, "runs", NAME).err]
        tally(post, "run", NAME, "--load")
        tally(post, "run", NAME)
        elsewhere = CELL.replace("202609", "202608")

        none += [
            give(post, "changes", FIRST, LATEST).err,
            give(post, "history", elsewhere).err,
            give(post, "load", "--dry-run").err,
        ]

    assert none == [
        "no run of this transfer made values yet\n",
        "tracker said the same in both runs\n",
        "tracker never counted anything in this cell\n",
        "the plan writes nothing, so the server was asked nothing\n",
    ]
