"""Take away what the past left on the disk and the rules do not keep; never what is owed."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pipeline.config.sections import Keep
from pipeline.files.deployment import Deployment
from pipeline.ledger.journal import open_chunks
from pipeline.run.folder import RUN_ID_FORMAT, RunFolder
from pipeline.run.records import LoadRecord, has_record
from pipeline.store.publications import newest_published, old_publications
from pipeline.upkeep.rules.retention import PastRun, old_runs, runs_to_keep

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
    runs = _past_runs(deployment.runs(name), newest_published(deployment.published(name)))
    staying = runs_to_keep(runs)
    whole = [run for run in old_runs(runs, now, keep.runs, keep.newest_runs) if run not in staying]
    folder = deployment.runs(name)
    responses = [
        (run.run_id, folder / run.run_id / "responses")
        for run in old_runs(runs, now, keep.responses, keep.newest_runs)
        if run not in whole
    ]
    publications = old_publications(deployment.published(name), keep.publications)
    return [
        *(_item("run", run.run_id, [folder / run.run_id]) for run in whole),
        *(_item("responses", run_id, [path]) for run_id, path in responses if path.exists()),
        *(_item("publication", run_id, paths) for run_id, paths in publications.items()),
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


def _past_runs(folder: Path, published: str) -> list[PastRun]:
    """The runs of a transfer; whatever else lies in its folder is none."""
    found = []
    for path in sorted(folder.iterdir()) if folder.exists() else []:
        try:
            moment = datetime.strptime(path.name[:_MOMENT], RUN_ID_FORMAT).replace(tzinfo=UTC)
        except ValueError:
            continue
        is_untold = path.name > published and (path / "chunks").exists()
        is_owed = is_untold or bool(open_chunks(RunFolder(path)))
        found.append(PastRun(path.name, moment, has_record(RunFolder(path), LoadRecord), is_owed))
    return found


def _item(what: PrunableKind, run_id: str, paths: Sequence[Path]) -> Prunable:
    return Prunable(what, run_id, tuple(paths), sum(map(_size, paths)))


def _size(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())
