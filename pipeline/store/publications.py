"""What lies in a folder of publications, and what belongs to each of them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from errno import ENOSPC
from pathlib import Path

from pipeline.text.errors import UnavailableError

# Every folder of Parquet says run_id=..., which readers take for a column of that name.
EXPORTED = {
    "data_values": "*",
    "data_value_changes": "* exclude (run_id)",
    "discrepancies": "* exclude (run_id)",
    "plan": "*",
    "rejects": "*",
}
# As large as all that is known, so they go with the file of their run. The others are as large as
# what the run changed, and stay as long as the run does.
OF_ALL_THAT_IS_KNOWN = ("data_values", "discrepancies")
# Of the changes those of the run. New values are among them, and the plan does not repeat them.
ROWS_EXPORTED = {
    "data_value_changes": "where run_id = (from latest_run select run_id)",
    "plan": "where reason_id is distinct from 'new'",
}


def newest_published(destination: Path) -> str:
    """The id of the run that was published last; nothing before the first."""
    files = sorted(destination.glob("tally-*.duckdb"))
    return files[-1].stem.removeprefix("tally-") if files else ""


def old_publications(destination: Path, keep: int) -> dict[str, list[Path]]:
    """What is as large as all that is known, of each published run but the newest so many.

    The file of a run is the last of its list.
    """
    files = sorted(destination.glob("tally-*.duckdb"))[:-keep]
    runs = {file.stem.removeprefix("tally-"): file for file in files}
    return {
        run_id: [*_there(destination, OF_ALL_THAT_IS_KNOWN, run_id), file]
        for run_id, file in runs.items()
    }


def exported_changes(destination: Path, run_id: str) -> list[Path]:
    """The folders of Parquet that are as large as what a run changed."""
    return _there(destination, [*EXPORTED.keys() - {*OF_ALL_THAT_IS_KNOWN}], run_id)


def exported_runs(destination: Path) -> set[str]:
    """The runs of which there is any Parquet."""
    return {path.name.removeprefix("run_id=") for path in destination.glob("parquet/*/run_id=*")}


def _there(destination: Path, names: Iterable[str], run_id: str) -> list[Path]:
    folders = (partition(destination, name, run_id) for name in sorted(names))
    return [folder for folder in folders if folder.exists()]


def partition(destination: Path, name: str, run_id: str) -> Path:
    """The folder of one view's Parquet of one run."""
    return destination / "parquet" / name / f"run_id={run_id}"


@contextmanager
def letters_of_disk(where: Path) -> Iterator[None]:
    """Let what the disk refuses become a letter that says that the last publication stands."""
    try:
        yield
    except OSError as error:
        is_full = error.errno == ENOSPC
        what = "the disk is full" if is_full else f"cannot write: {error.strerror}"
        mend = "make room on the disk" if is_full else "mend that"
        raise UnavailableError(
            what,
            where=error.filename or str(where),
            remedy=f"{mend}, then give the same command again; the last publication stands",
        ) from error
