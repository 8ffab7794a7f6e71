"""What the README tells people to type exists."""

import re
from pathlib import Path

import pytest
import typer

from pipeline.cli import app
from pipeline.config.sections import Server
from pipeline.dhis2.access.connections import find_connection
from pipeline.verify.checks.accounts import NEEDED

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
TARGETS = re.findall(
    r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE
)
BLOCKS = re.findall(r"^```\w*\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
SPANS = re.findall(
    r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", README, flags=re.MULTILINE | re.DOTALL)
)
TYPED = [line for block in BLOCKS for line in block.splitlines()] + SPANS
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]  # it is a group
CALLS = sorted(
    {found[1] for line in TYPED if (found := re.search(r"(?:^|/|\s)tally (\w.*)", line))}
)
MADE = sorted({name for line in TYPED for name in re.findall(r"(?:^|\s)make ([a-z]+)", line)})

PROMISED = README.partition("## What Tally promises")[2].partition("\n## ")[0]
SHOWN = re.findall(r"^\|.*\| (.+) \|$", PROMISED, re.MULTILINE)[1:]


def test_the_readme_has_something_to_type() -> None:
    assert {"demo", "test", "verify"} <= set(MADE)
    assert any(call.startswith("init") for call in CALLS)


@pytest.mark.parametrize("target", MADE)
def test_a_make_target_exists(target: str) -> None:
    assert target in TARGETS


@pytest.mark.parametrize("call", CALLS)
def test_a_command_has_these_options(call: str) -> None:
    name, *words = call.split()

    assert name in COMMANDS
    known = {option for parameter in COMMANDS[name].params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known
    arguments = [one for one in COMMANDS[name].params if one.param_type_name == "argument"]
    values = [word for word in words if not word.startswith("-")]
    assert len(arguments) <= len(values) or not values


TOKEN = "d2p_" + "0" * 50
ADDRESSES = {"source": "https://tracker.example.org", "target": "https://hmis.example.org"}


def test_credentials_are_found_as_the_readme_exports_them() -> None:
    exported = re.findall(r"^export (.+)$", README, re.MULTILINE)
    written = dict(re.findall(r"(\w+)=(\S+)", " ".join(exported)))
    environment = {name: text.replace("d2p_…", TOKEN) for name, text in written.items()}

    for side, address in ADDRESSES.items():
        found = find_connection(side, Server(), environment)
        assert (found.base, found.credentials.token) == (address, TOKEN)


def test_credentials_are_found_as_the_readme_gives_them_to_systemd(tmp_path: Path) -> None:
    (addresses,) = re.findall(r"^Environment=(.+)$", README, re.MULTILINE)
    environment = dict(re.findall(r"(\w+)=(\S+)", addresses))
    for name in re.findall(r"^LoadCredential=(\w+):", README, re.MULTILINE):
        (tmp_path / name).write_text(TOKEN)

    for side, address in ADDRESSES.items():
        found = find_connection(
            side, Server(), environment | {"CREDENTIALS_DIRECTORY": str(tmp_path)}
        )
        assert (found.base, found.credentials.token) == (address, TOKEN)


def test_the_account_that_the_readme_asks_for_is_the_one_that_verify_wants() -> None:
    table = README.partition("**1. An account.**")[2].partition("**2.")[0]
    asked = dict(re.findall(r"^\| (\w+) \([^)]+\) \| [^|]*`(F_\w+)`", table, re.MULTILINE))

    assert asked == NEEDED


def test_every_promise_is_shown_by_tests_that_there_are() -> None:
    assert len(SHOWN) > 1
    for shown in SHOWN:
        files = re.findall(r"`(tests/[\w/]+\.py)`", shown)
        assert files
        assert [file for file in files if "\ndef test_" not in (ROOT / file).read_text()] == []
