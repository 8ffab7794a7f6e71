"""The file of a store: opened to read or to write, and closed again, by each question."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from pipeline.probes.failpoints import reach
from pipeline.store.database import open_database, open_often, private_folder
from pipeline.store.migrating import bring_up_to_date
from pipeline.store.records import Database
from pipeline.store.steps import prepare, query_frame


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
            bring_up_to_date(self.path)
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
            bring_up_to_date(self.path)
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
