"""`make test` brings a browser where it may, and says plainly where it may not."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
SKIPPED = (
    "The browser tests will be skipped: they need Chromium (Debian: apt-get install chromium).\n"
)


def make_browser(folder: Path, *, user: int, **commands: str) -> str:
    """Run `make browser` with these commands on the path, as this user; give what it printed."""
    for name, body in {"id": f"echo {user}", **commands}.items():
        script = folder / name
        script.write_text(f"#!/bin/sh\n{body}\n")
        script.chmod(0o755)
    told = subprocess.run(
        ["make", "-f", ROOT / "Makefile", "VENV=/nowhere", "BROWSERS=chromium", "browser"],
        cwd=folder,
        env={"PATH": f"{folder}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    return told.stdout


def test_a_browser_that_is_there_is_not_installed_again(tmp_path: Path) -> None:
    assert make_browser(tmp_path, user=0, chromium="exit 0", **{"apt-get": "exit 9"}) == ""


def test_who_may_not_install_is_told_what_to_install(tmp_path: Path) -> None:
    apt = "touch asked; exit 0"

    assert make_browser(tmp_path, user=1000, chromium="exit 1", **{"apt-get": apt}) == SKIPPED
    assert not (tmp_path / "asked").exists()


def test_root_installs_it_once_and_quietly(tmp_path: Path) -> None:
    apt = 'echo "$@" >> asked; echo noise; test -e updated || { touch updated; exit 100; }'

    said = make_browser(tmp_path, user=0, chromium="exit 1", **{"apt-get": apt})

    assert said == "Installing Chromium for the tests of what people open (once)\n"
    asked = (tmp_path / "asked").read_text().splitlines()
    assert [line.split()[1] for line in asked] == ["install", "update", "install"]


def test_an_installation_that_fails_stops_nothing(tmp_path: Path) -> None:
    said = make_browser(tmp_path, user=0, chromium="exit 1", **{"apt-get": "exit 100"})

    assert said.endswith(SKIPPED)
