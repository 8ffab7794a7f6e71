"""Make a lost or damaged store anew from a publication, and take up what happened since."""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path
from typing import NamedTuple

from pipeline.files.deployment import LATEST, Deployment
from pipeline.files.whole import read_json_or_nothing
from pipeline.ledger import journal
from pipeline.run.folder import RunFolder
from pipeline.store.copying import restore
from pipeline.text.errors import RefusedError, UsageError


class Restored(NamedTuple):
    """From which publication; where the old store lies; which later chunks are read back again."""

    run_id: str
    file: Path
    set_aside: Path | None
    reopened: int


def restore_store(deployment: Deployment, name: str, run_id: str | None, now: datetime) -> Restored:
    """Leave a store as it was published; the old one, if any, lies beside it under another name.

    Loads after that publication are reopened: the next plan or load reads back what they wrote,
    and the ledger tells it again. Raises `UsageError` when nothing was published and
    `RefusedError` when the publication is damaged; the old store is then still in its place.
    """
    published = deployment.published(name)
    file = _publication(published, run_id)
    _insist_on_hash(published, file)
    store = deployment.store(name)
    fresh = store.with_suffix(".restored")
    fresh.unlink(missing_ok=True)
    restore(file, fresh)
    set_aside = _set_aside(store, now)
    fresh.replace(store)
    chosen = file.stem.removeprefix("tally-")
    reopened = sum(journal.reopen(run, now) for run in _later_runs(deployment, name, chosen))
    return Restored(chosen, file, set_aside, reopened)


def _publication(published: Path, run_id: str | None) -> Path:
    newest = read_json_or_nothing(published / LATEST)
    name = f"tally-{run_id}.duckdb" if run_id else (newest or {}).get("file", "")
    file = published / name
    if not name or not file.exists():
        known = ", ".join(sorted(path.stem[6:] for path in published.glob("tally-*.duckdb")))
        raise UsageError(
            f"there is no publication of run {run_id}" if run_id else "nothing was published yet",
            where=str(published),
            remedy=f"`--run` takes one of: {known or 'none'}",
        )
    return file


def _insist_on_hash(published: Path, file: Path) -> None:
    newest = read_json_or_nothing(published / LATEST) or {}
    if newest.get("file") != file.name:
        return
    with file.open("rb") as content:
        found = file_digest(content, "sha256").hexdigest()
    if found != newest["sha256"]:
        raise RefusedError(
            "the last publication was changed after it was published",
            where=str(file),
            remedy="choose an older one with `--run`, or take it from your backup",
        )


def _set_aside(store: Path, now: datetime) -> Path | None:
    """Move the old store and its journal of changes out of the way, and keep both."""
    moment = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    aside = store.with_name(f"{store.name}.aside-{moment}")
    for path, target in ((store, aside), (_wal(store), _wal(aside))):
        if path.exists():
            path.replace(target)
    return aside if aside.exists() else None


def _wal(store: Path) -> Path:
    return store.with_name(f"{store.name}.wal")


def _later_runs(deployment: Deployment, name: str, run_id: str) -> Iterator[RunFolder]:
    folders = deployment.runs(name)
    for folder in sorted(folders.iterdir()) if folders.exists() else ():
        if folder.name > run_id and (folder / "chunks").exists():
            yield RunFolder(folder)
