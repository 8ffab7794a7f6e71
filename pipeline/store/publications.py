"""What lies in a folder of publications, and what belongs to each of them."""

from collections.abc import Iterator
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
    """What lies there of each published run but the newest so many, its file last."""
    files = sorted(destination.glob("tally-*.duckdb"))[:-keep]
    runs = {file.stem.removeprefix("tally-"): file for file in files}
    return {run_id: [*_partitions(destination, run_id), file] for run_id, file in runs.items()}


def _partitions(destination: Path, run_id: str) -> list[Path]:
    folders = (partition(destination, name, run_id) for name in EXPORTED)
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
