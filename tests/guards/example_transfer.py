"""The example transfer in data/transfers: `make format` writes it, a test keeps it fresh."""

import shutil
from datetime import date
from pathlib import Path

from pipeline.files.deployment import Deployment
from pipeline.upkeep.init import suggest
from sandbox.country.build import invent_country
from sandbox.country.example import NAME
from sandbox.http.server import running

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "data" / "transfers" / NAME
CHOICES = {"assigned_only": False}  # so the demo's plan also holds what no data set lists


def write_suggested(root: Path, generation: str) -> Path:
    """Folder of a transfer that was suggested anew by the invented country, below `root`."""
    home = Deployment(root)
    with running(invent_country(date(2026, 11, 24), months=2), generation) as sandbox:
        login = {"USERNAME": "tally", "PASSWORD": "district", "URL": sandbox.url}
        environment = {f"DHIS2_{name}": text for name, text in login.items()}
        suggest(home, NAME, environment, CHOICES)
    return home.transfer_folder(NAME)


def contents(folder: Path) -> dict[str, bytes]:
    """Content of each file, by its path seen from the folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


if __name__ == "__main__":
    shutil.rmtree(EXAMPLE, ignore_errors=True)
    for written in write_suggested(ROOT, "2.42").rglob("*"):
        written.chmod(0o755 if written.is_dir() else 0o644)
