"""What is installed is locked: hashed, for every Python and system, from no host by name."""

import re
import tomllib
from itertools import product
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
HOUSE = [ROOT / "requirements" / name for name in ("sandbox.txt", "development.txt")]
PYTHONS = ("3.11", "3.12", "3.13")
SYSTEMS = {"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}


def locked(path: Path) -> list[str]:
    """Give one line for each requirement, its hashes behind it."""
    text = path.read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def wanted(path: Path) -> list[Requirement]:
    """Give what the project itself asks for, that this file must lock."""
    project, groups = PROJECT["project"], PROJECT["dependency-groups"]
    written = [*project["dependencies"], *project["optional-dependencies"]["sandbox"]]
    written += groups["build"]
    if path.stem == "development":
        written += [one for one in groups["development"] if isinstance(one, str)]
    return [Requirement(one) for one in written]


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.stem)
def test_every_requirement_is_one_version_with_its_hashes(path: Path) -> None:
    for line in locked(path):
        requirement, *hashes = re.split(r"\s+--hash=sha256:", line.strip())
        assert re.fullmatch(r"[\w.-]+(\[[\w,-]+\])?==[\w.]+( ; .+)?", requirement), line
        assert hashes, line
        assert all(re.fullmatch(r"[0-9a-f]{64}", one) for one in hashes), line


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.stem)
def test_no_host_is_named(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert "://" not in text
    assert not re.search(
        r"^\s*(-i|-f|-e|--(index-url|extra-index-url|find-links|trusted-host))", text, re.MULTILINE
    )
    assert "make lock" in text


@pytest.mark.parametrize("path", HOUSE, ids=lambda path: path.stem)
def test_what_the_project_needs_is_locked_for_every_python_and_system(path: Path) -> None:
    pins = [Requirement(line.split(" --hash")[0]) for line in locked(path)]
    for python, (system, name) in product(PYTHONS, SYSTEMS.items()):
        environment = {
            "python_version": python,
            "python_full_version": f"{python}.0",
            "sys_platform": system,
            "platform_system": name,
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
        }
        here = {
            pin.name.lower().replace("_", "-"): next(iter(pin.specifier)).version
            for pin in pins
            if pin.marker is None or pin.marker.evaluate(environment)
        }
        for one in wanted(path):
            version = here.get(one.name.lower().replace("_", "-"))
            assert version is not None, f"{one.name} on Python {python}, {system}"
            assert one.specifier.contains(version, prereleases=True), f"{one} but {version}"


def test_what_is_locked_twice_has_one_version() -> None:
    first, second = (_versions(path) for path in HOUSE)

    assert first.keys() <= second.keys()
    assert {name: version for name, version in second.items() if name in first} == first


def _versions(path: Path) -> dict[str, str]:
    pins = (line.split("==", 1) for line in locked(path))
    return {name.split("[")[0]: rest.split()[0] for name, rest in pins}
