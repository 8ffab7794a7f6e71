"""Everything of a transfer has its place in the folder of the deployment."""

from pathlib import Path

import pytest

from pipeline.files.deployment import Deployment
from pipeline.text.errors import UsageError

HOME = Deployment(Path("home"))


def test_each_thing_has_one_place() -> None:
    assert [
        path.as_posix()
        for path in (
            HOME.configuration("fever"),
            HOME.mappings("fever"),
            HOME.store("fever"),
            HOME.published("fever"),
            HOME.runs("fever"),
        )
    ] == [
        "home/data/transfers/fever/transfer.toml",
        "home/data/transfers/fever/mappings",
        "home/data/store/fever.duckdb",
        "home/data/published/fever",
        "home/data/runs/fever",
    ]


@pytest.mark.parametrize("name", ["", "Fever", "1fever", "../fever", "fe ver", "f" * 49, "fever\n"])
def test_a_name_that_is_no_folder_everywhere_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="cannot be the name of a transfer"):
        HOME.configuration(name)


def test_only_folders_with_a_configuration_are_transfers(tmp_path: Path) -> None:
    home = Deployment(tmp_path)
    for name in ("malaria", "fever"):
        home.transfer_folder(name).mkdir(parents=True)
        home.configuration(name).touch()
    home.transfer_folder("draft").mkdir()

    assert home.transfers() == ["fever", "malaria"]
    assert Deployment(tmp_path / "nowhere").transfers() == []


def test_a_path_is_followed_to_its_end(tmp_path: Path) -> None:
    home = Deployment(tmp_path / "home")
    elsewhere = tmp_path / "disk"
    for folder in (home.root, elsewhere):
        folder.mkdir()
    (home.root / "data").symlink_to(elsewhere)
    (home.root / "linked").symlink_to(tmp_path)

    assert home.holds(home.root / "paper.csv")
    assert home.holds(elsewhere / "paper.csv")  # the data may lie on a disk of its own
    assert not home.holds(home.root / ".." / "paper.csv")
    assert not home.holds(home.root / "linked" / "paper.csv")
