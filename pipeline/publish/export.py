"""Write the views of a publication as files that other tools open: each whole, or none."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Literal

import sql
from pipeline.files.whole import whole_file
from pipeline.publish.query import query
from pipeline.report.answers import rows_as_csv
from pipeline.store.database import open_database, private_folder

Format = Literal["parquet", "csv"]


def export(publication: Path, folder: Path, formats: Sequence[Format]) -> Mapping[str, int]:
    """Write one file per view and format into a folder; returns the bytes of each by its name.

    The rows are sorted. In CSV no text is a formula. Files of other names stay as they are; on
    an error those of these names do too.
    """
    with _unfinished_files(folder) as unfinished:
        for view in sql.names("views"):
            if "." in view:
                continue
            if "csv" in formats:
                _write_csv(publication, view, unfinished / f"{view}.csv")
            if "parquet" in formats:
                _write_parquet(publication, view, unfinished / f"{view}.parquet")
        written = {file.name: file.stat().st_size for file in sorted(unfinished.iterdir())}
        for name in written:
            with whole_file(folder / name) as place:
                (unfinished / name).replace(place)
    return written


def _write_csv(publication: Path, view: str, file: Path) -> None:
    with (
        query(publication, f"from {view} order by all") as answer,
        file.open("w", encoding="utf-8", newline="") as lines,
    ):
        for number, rows in enumerate(answer.batches):
            lines.write(rows_as_csv(rows, answer.kinds, header=number == 0))


def _write_parquet(publication: Path, view: str, file: Path) -> None:
    with open_database(publication, read_only=True) as database:
        rows = f"from {view} order by all"  # one of our own names
        database.execute(f"copy ({rows}) to ? (format parquet, compression zstd)", [str(file)])


@contextmanager
def _unfinished_files(folder: Path) -> Iterator[Path]:
    private_folder(folder)
    unfinished = Path(mkdtemp(prefix=".tmp-", dir=folder))
    try:
        yield unfinished
    finally:
        rmtree(unfinished, ignore_errors=True)
