"""Write what a publication tells as files that other tools open: each of them whole, or none."""

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
    """Leave one file per view and format in a folder; give the bytes of each by its name.

    The rows are sorted. In CSV no text is a formula. Files of other names stay as they are; on
    an error those of these names do too.
    """
    with _workshop(folder) as workshop:
        for view in sql.names("views"):
            if "." in view:
                continue
            if "csv" in formats:
                _write_csv(publication, view, workshop / f"{view}.csv")
            if "parquet" in formats:
                _write_parquet(publication, view, workshop / f"{view}.parquet")
        written = {piece.name: piece.stat().st_size for piece in sorted(workshop.iterdir())}
        for name in written:
            with whole_file(folder / name) as unfinished:
                (workshop / name).replace(unfinished)
    return written


def _write_csv(publication: Path, view: str, piece: Path) -> None:
    with (
        query(publication, f"from {view} order by all") as told,
        piece.open("w", encoding="utf-8", newline="") as lines,
    ):
        for number, rows in enumerate(told.pieces):
            lines.write(rows_as_csv(rows, told.kinds, header=number == 0))


def _write_parquet(publication: Path, view: str, piece: Path) -> None:
    with open_database(publication, read_only=True) as database:
        rows = f"from {view} order by all"  # one of our own names
        database.execute(f"copy ({rows}) to ? (format parquet, compression zstd)", [str(piece)])


@contextmanager
def _workshop(folder: Path) -> Iterator[Path]:
    private_folder(folder)
    workshop = Path(mkdtemp(prefix=".tmp-", dir=folder))
    try:
        yield workshop
    finally:
        rmtree(workshop, ignore_errors=True)
