"""What is installed works without the checkout."""

import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ASK = """
import pipeline, schemas, sql, sys
from importlib.resources import files
assert "site-packages" in pipeline.__file__, pipeline.__file__
print(sql.read("views", "data_values").splitlines()[0])
print(files("schemas").joinpath("transfer.template.toml").read_text().splitlines()[0])
from sandbox.country.example import example_files, example_transfer
assert "site-packages" in str(example_transfer()), example_transfer()
print(*example_files())
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_code_schemas_and_sql(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    for needed in (
        "pipeline/cli/__init__.py",
        "pipeline/py.typed",
        "schemas/transfer.schema.json",
        "schemas/transfer.template.toml",
        "sql/views/data_values.sql",
        "sql/columns.csv",
        "sql/publication.md",
        "pipeline/report/discrepancies/templates/discrepancies.html",
        "sandbox/country/transfers/fever/mappings/data_elements.csv",
    ):
        assert needed in names
    assert not [name for name in names if name.startswith(("tests/", "data/"))]


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of the programs of an environment that has the project from its wheel alone.

    No registry is asked: a .pth file names the folder of the locked libraries, which stand behind
    the environment's own; a .pth file in there is not read, so the checkout is not found by it.
    """
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python)]
    install = [*pip, "install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    own = home / "lib" / version / "site-packages"
    (own / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return home / "bin"


def outside(installed: Path, folder: Path, program: str, *arguments: str) -> str:
    """Run a program of the environment in an empty folder, where nothing leads to the checkout."""
    return subprocess.run(
        [installed / program, *arguments],
        cwd=folder,
        env={"PATH": str(installed), "HOME": str(folder), "COLUMNS": "80"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_what_is_installed_finds_its_sql_its_templates_and_the_example(
    installed: Path, tmp_path: Path
) -> None:
    told = outside(installed, tmp_path, "python", "-c", ASK).splitlines()

    assert told[0].startswith("-- data_values:")
    assert told[1].startswith("#:schema")
    assert "transfer.toml" in told[2].split()


def test_the_installed_command_begins_a_transfer_anywhere(installed: Path, tmp_path: Path) -> None:
    assert outside(installed, tmp_path, "tally", "--version").startswith("tally 0")
    assert "verify" in outside(installed, tmp_path, "python", "-m", "pipeline", "--help")

    outside(installed, tmp_path, "tally", "init", "fever")

    assert (tmp_path / "data/transfers/fever/transfer.toml").exists()
