"""The file of a store: opened to read or to write, and closed again, by each question.

One that an older Tally made is brought into today's shape first, and kept beside.
"""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from pipeline.files.whole import whole_file
from pipeline.probes.failpoints import reach
from pipeline.store.database import open_database, open_often, private_folder
from pipeline.store.records import SCHEMA_VERSION, Database
from pipeline.store.steps import prepare, query_frame, refuse_newer, version_of


class StoreFile:
    """The private DuckDB file of one transfer. It is open only while a method runs.

    Every method raises `LockedError` when another process has the file open, `RefusedError`
    when the file is damaged, and `UnavailableError` when the disk is full; what was stored
    before stands. A store that was never written is empty.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def _asked(self, query: str, *binds: object) -> pl.DataFrame:
        with self._reading() as store:
            return query_frame(store, query, *binds)

    @contextmanager
    def _reading(self) -> Iterator[Database]:
        if self.path.exists():
            _bring_up_to_date(self.path)
            with open_often(self.path, read_only=True) as store:
                yield store
        else:
            with open_database(None) as store:
                prepare(store)
                yield store

    @contextmanager
    def _writing(self, frames: Mapping[str, pl.DataFrame]) -> Iterator[Database]:
        """Open the store with frames as tables; all that is done becomes true at once, or not."""
        private_folder(self.path.parent)
        if self.path.exists():
            _bring_up_to_date(self.path)
        begun = open_often if self.path.exists() else open_database
        with begun(self.path) as store:
            for name, frame in frames.items():
                store.register(name, frame)
            store.begin()
            prepare(store)
            yield store
            reach("store.filled")
            store.commit()
        reach("store.committed")


_UP_TO_DATE: set[tuple[Path, int]] = set()  # files that this process looked at


def _bring_up_to_date(path: Path) -> None:
    """Leave a store of this Tally's version at `path`, where one of any version up to it stands.

    The older file is copied to NAME.version-1 first, for its owner only. The change is made at
    once, or not: after a kill or on a full disk the store is what it was. Raises `RefusedError`
    for a store of a newer Tally.
    """
    this = (path, path.stat().st_ino)
    if this in _UP_TO_DATE:
        return
    with open_often(path, read_only=True) as store:
        refuse_newer(store, "packed")
        version = version_of(store, "packed")
    if version < SCHEMA_VERSION:
        with whole_file(path.with_name(f"{path.name}.version-{version}"), mode=0o600) as copy:
            shutil.copyfile(path, copy)
        reach("store.kept")
        with open_often(path) as store:
            store.begin()
            prepare(store)
            reach("store.migrated")
            store.commit()
    _UP_TO_DATE.add(this)
