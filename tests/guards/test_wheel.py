"""What is installed works without the checkout."""

import os
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
    ):
        assert needed in names
    assert not [name for name in names if name.startswith("tests/")]


def test_an_installed_wheel_works_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    # The registry is not asked: the environment sees the libraries of this one, by a .pth file
    # that names their folder, and the project only from the wheel.
    home = tmp_path / "environment"
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    packages = home / "lib" / version / "site-packages"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    outside = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "COLUMNS": "80"}

    told = subprocess.run(
        [python, "-c", ASK], cwd=tmp_path, env=outside, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    helped = subprocess.run(
        [python, "-m", "pipeline", "--help"],
        cwd=tmp_path,
        env=outside,
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert told[0].startswith("-- data_values:")
    assert told[1].startswith("#:schema")
    assert "verify" in helped
