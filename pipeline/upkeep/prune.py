"""Take away what the past left on the disk and the rules do not keep; never what is owed."""

import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pipeline.config.sections import Keep
from pipeline.files.deployment import Deployment
from pipeline.ledger.journal import open_chunks
from pipeline.run.folder import RUN_ID_FORMAT, RunFolder
from pipeline.run.records import LoadRecord
from pipeline.run.values import VALUES_FILE
from pipeline.store.publications import (
    exported_changes,
    exported_runs,
    newest_published,
    old_publications,
)
from pipeline.upkeep.rules.retention import PastRun, old_runs

_MOMENT = len("20261127T020000Z")
PrunableKind = Literal["run", "responses", "publication"]


@dataclass(frozen=True)
class Prunable:
    """Something that may go: its files and folders, and how many bytes they have."""

    what: PrunableKind
    run_id: str
    paths: tuple[Path, ...]
    size: int


def find_prunable(deployment: Deployment, name: str, keep: Keep, now: datetime) -> list[Prunable]:
    """What the rules do not keep; nothing is touched. The store is no part of it."""
    runs, published = deployment.runs(name), deployment.published(name)
    past = _past_runs(runs, published)
    old = [run.run_id for run in old_runs(past, now, keep.runs, keep.newest_runs)]
    needed = _needed(runs, old, newest_published(published))
    whole = {
        run_id: [runs / run_id, *exported_changes(published, run_id)]
        for run_id in old
        if run_id not in needed
    }
    responses = {
        run.run_id: [runs / run.run_id / "responses", runs / run.run_id / VALUES_FILE]
        for run in old_runs(past, now, keep.responses, keep.newest_runs)
        if run.run_id not in whole
    }
    return [
        *_items("run", whole),
        *_items("responses", responses),
        *_items("publication", old_publications(published, keep.publications)),
    ]


def prune(deployment: Deployment, name: str, items: Sequence[Prunable]) -> None:
    """Take these away, each at once: a run is there whole, or it is gone.

    What an interrupted prune had taken away and not yet removed is swept.
    """
    waste = deployment.runs(name).parent / f".pruned-{name}"
    shutil.rmtree(waste, ignore_errors=True)
    for item in items:
        for path in item.paths:
            if path.is_dir():
                waste.mkdir(mode=0o750, exist_ok=True)
                path.rename(waste / f"{item.run_id}-{path.name}")
                shutil.rmtree(waste, ignore_errors=True)
            else:
                path.unlink()


def _past_runs(runs: Path, published: Path) -> list[PastRun]:
    """The runs of which there is a folder or Parquet; whatever else lies there is none."""
    folders = {path.name for path in runs.iterdir()} if runs.exists() else set[str]()
    found = []
    for run_id in sorted(folders | exported_runs(published)):
        with suppress(ValueError):
            moment = datetime.strptime(run_id[:_MOMENT], RUN_ID_FORMAT).replace(tzinfo=UTC)
            found.append(PastRun(run_id, moment))
    return found


def _needed(runs: Path, old: Sequence[str], newest_published: str) -> set[str]:
    """Those of some old runs whose records somebody may still ask.

    The one loaded last; those whose load was interrupted and not read back; and those of which no
    publication tells yet, so that a store made anew would have to read them back.
    """
    if not old:
        return set()
    loaded = max((path.parent.name for path in runs.glob(f"*/{LoadRecord.FILE}")), default="")
    untold = {
        run_id
        for run_id in old
        if run_id > newest_published and (runs / run_id / "chunks").exists()
    }
    return {loaded} | untold | {run_id for run_id in old if open_chunks(RunFolder(runs / run_id))}


def _items(what: PrunableKind, paths_of_runs: Mapping[str, Sequence[Path]]) -> list[Prunable]:
    """What is there of these paths, run by run."""
    there = {
        run_id: tuple(path for path in paths if path.exists())
        for run_id, paths in paths_of_runs.items()
    }
    return [
        Prunable(what, run_id, paths, sum(map(_size, paths)))
        for run_id, paths in there.items()
        if paths
    ]


def _size(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())
