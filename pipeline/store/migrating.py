"""Bring a store of an older Tally into today's shape, once; the old file is kept beside it."""

import shutil
from pathlib import Path

from pipeline.files.whole import whole_file
from pipeline.probes.failpoints import reach
from pipeline.store.database import open_often
from pipeline.store.records import SCHEMA_VERSION
from pipeline.store.steps import prepare, refuse_newer, version_of

_UP_TO_DATE: set[tuple[Path, int]] = set()  # files that this process looked at


def bring_up_to_date(path: Path) -> None:
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
