"""What belongs to a publication is found again, and the disk's refusals become letters."""

from errno import EACCES, ENOSPC
from pathlib import Path

import pytest

from pipeline.store.publications import (
    EXPORTED,
    exported_changes,
    exported_runs,
    letters_of_disk,
    newest_published,
    old_publications,
    partition,
)
from pipeline.text.errors import UnavailableError
from tests.support.small_world import FIRST, SECOND, THIRD


def published(destination: Path, run_id: str) -> Path:
    file = destination / f"tally-{run_id}.duckdb"
    file.touch()
    for name in ("plan", "data_values"):
        partition(destination, name, run_id).mkdir(parents=True)
    return file


def test_the_newest_is_the_last_by_its_run(tmp_path: Path) -> None:
    assert newest_published(tmp_path) == ""
    for run_id in (SECOND, THIRD, FIRST):
        published(tmp_path, run_id)

    assert newest_published(tmp_path) == THIRD


def test_what_is_as_large_as_all_that_is_known_goes_with_an_old_file(
    tmp_path: Path,
) -> None:
    files = {run_id: published(tmp_path, run_id) for run_id in (FIRST, SECOND, THIRD)}

    assert old_publications(tmp_path, 1) == {
        run_id: [partition(tmp_path, "data_values", run_id), files[run_id]]
        for run_id in (FIRST, SECOND)
    }
    assert old_publications(tmp_path, 3) == {}


def test_what_a_run_changed_is_found_by_its_run(tmp_path: Path) -> None:
    published(tmp_path, SECOND)

    assert exported_runs(tmp_path) == {SECOND}
    assert exported_changes(tmp_path, SECOND) == [partition(tmp_path, "plan", SECOND)]
    assert exported_changes(tmp_path, FIRST) == []


def test_the_folder_of_a_view_says_its_run(tmp_path: Path) -> None:
    folder = partition(tmp_path, "plan", FIRST)

    assert folder.relative_to(tmp_path).as_posix() == f"parquet/plan/run_id={FIRST}"
    assert "run_id" not in EXPORTED["plan"]


@pytest.mark.parametrize(
    ("fault", "what", "where"),
    [
        (OSError(ENOSPC, "No space left on device", "a file"), "the disk is full", "a file"),
        (OSError(EACCES, "Permission denied"), "cannot write: Permission denied", "the folder"),
    ],
)
def test_what_the_disk_refuses_is_a_letter(fault: OSError, what: str, where: str) -> None:
    with pytest.raises(UnavailableError) as letter, letters_of_disk(Path("the folder")):
        raise fault

    assert (letter.value.what, letter.value.where) == (what, where)
    assert "the last publication stands" in str(letter.value)
