"""Leave analysts a file that is whole, never changes, and has names beside its ids."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path
from tempfile import mkdtemp

import polars as pl

from pipeline.files.deployment import LATEST
from pipeline.files.whole import whole_file, write_bytes, write_json
from pipeline.probes.failpoints import reach
from pipeline.publish.parquet import write_parquet_files
from pipeline.publish.publication import fill, guide, insist_on_rows, require_newest
from pipeline.store.copying import copy_file
from pipeline.store.database import open_database, private_folder
from pipeline.store.publications import EXPORTED, letters_of_disk, partition
from pipeline.store.records import SCHEMA_VERSION
from pipeline.text.errors import UsageError

GUIDE = "README.md"


@dataclass(frozen=True)
class Published:
    """A publication that stands: its file, what its bytes add up to, and the rows it has."""

    run_id: str
    file: Path
    sha256: str
    rows: Mapping[str, int]


def publish(
    store_path: Path,
    run_folder: Path,
    metadata: Mapping[str, pl.DataFrame],
    destination_folder: Path,
    *,
    run_id: str,
    now: datetime,
) -> Published:
    """Leave the store's newest run where analysts find it: a DuckDB file, Parquet, and a guide.

    `metadata` has a frame for some of the tables `sql/tables/metadata.*`; columns that such a
    table lacks are left out. Readers of an older publication are never disturbed; until this
    one is whole, `latest` names the older one, whatever happens. Raises `RefusedError` when the
    run is not the newest of the store, `UnavailableError` when the disk is full.
    """
    if not store_path.exists():
        remedy = "`tally run NAME` makes a run that can be published"
        raise UsageError("there is nothing to publish yet", where=str(store_path), remedy=remedy)
    file = destination_folder / f"tally-{run_id}.duckdb"
    with letters_of_disk(destination_folder), _unfinished_files(destination_folder) as unfinished:
        built = unfinished / file.name
        copy_file(store_path, built)
        with open_database(built) as database:
            rows = fill(database, run_folder, metadata)
            require_newest(database, run_id)
            page = guide(database)
        reach("publish.built")
        parquet = _checked_parquet(built, rows)
        with built.open("rb") as content:
            sha256 = file_digest(content, "sha256").hexdigest()
        reach("publish.checked")
        _put(built, file)
        reach("publish.placed")
        for name, written in parquet.items():
            _put(written, partition(destination_folder, name, run_id) / written.name)
        write_bytes(destination_folder / GUIDE, page.encode())
        reach("publish.exported")
        _point(unfinished, file)
        reach("publish.pointed")
        moment = now.astimezone(UTC).isoformat()
        latest = {"run_id": run_id, "file": file.name, "sha256": sha256, "published_at": moment}
        write_json(destination_folder / LATEST, latest | {"schema_version": SCHEMA_VERSION})
        reach("publish.announced")
    return Published(run_id, file, sha256, rows)


def _checked_parquet(built: Path, rows: Mapping[str, int]) -> dict[str, Path]:
    """Open the finished file as an analyst would; when it is sound, write its Parquet."""
    files = {name: built.with_name(f"{name}.parquet") for name in EXPORTED}
    with open_database(built, read_only=True) as database:
        insist_on_rows(database, rows)
    write_parquet_files(built, files)
    return files


def _put(finished: Path, target: Path) -> None:
    """Move a finished file to where readers look; one that reads the old file keeps it."""
    private_folder(target.parent)
    with whole_file(target, mode=0o444) as unfinished:
        finished.replace(unfinished)


def _point(unfinished: Path, file: Path) -> None:
    """Let `latest.duckdb` name the file; where links are refused it is a copy."""
    latest = unfinished / "latest.duckdb"
    try:
        latest.symlink_to(file.name)
    except OSError:
        shutil.copyfile(file, latest)
        _put(latest, file.with_name(latest.name))
    else:
        latest.replace(file.with_name(latest.name))


@contextmanager
def _unfinished_files(destination: Path) -> Iterator[Path]:
    """A folder beside the publications; what an interrupted one left behind is swept.

    The run lock is held, so whatever looks unfinished here has nobody who would finish it.
    """
    private_folder(destination)
    for left_behind in destination.glob(".tmp-*"):
        shutil.rmtree(left_behind)
    for left_behind in destination.rglob(".*.part"):
        left_behind.unlink()
    unfinished = Path(mkdtemp(prefix=".tmp-", dir=destination))
    try:
        yield unfinished
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
