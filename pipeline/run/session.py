"""Open what a command needs: the transfer, its run, the lock, the log and both servers."""

import os
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import structlog

from pipeline.config.reading import read_transfer
from pipeline.config.sections import Server, Transfer
from pipeline.dhis2.access.connections import find_connection
from pipeline.dhis2.http.client import Client, connect
from pipeline.files.deployment import LATEST, Deployment
from pipeline.probes.stopwatch import Stopwatch
from pipeline.run.folder import RunFolder, find_run, new_run
from pipeline.run.lock import run_lock
from pipeline.run.logs import logging_into
from pipeline.run.records import TransformRecord, has_record
from pipeline.run.timings import keep_timings
from pipeline.run.work import Work
from pipeline.text.errors import RefusedError, TallyError, UnavailableError, UsageError

Settings = TypeVar("Settings", bound=Server)


@dataclass(frozen=True)
class Servers:
    """Both sides; often the same server, with two accounts or one."""

    source: Client
    target: Client


def read_settings(deployment: Deployment, name: str) -> Transfer:
    """Read the configuration of a transfer; raises a letter that lists the known ones.

    Everything in its folder lies in the deployment. Where `ca_bundle` is no absolute path, it is
    seen from that folder.
    """
    path = deployment.configuration(name)
    if not path.exists():
        known = ", ".join(deployment.transfers()) or "none yet"
        raise UsageError(
            f"there is no transfer {name!r}; known are: {known}",
            where=str(path),
            remedy=f"make it with `tally init {name}`",
        )
    insist_on_own_files(deployment, name)
    settings = read_transfer(path)
    return settings.model_copy(
        update={
            "source": _anchored(deployment, path.parent, settings.source),
            "target": _anchored(deployment, path.parent, settings.target),
        }
    )


def insist_on_own_files(deployment: Deployment, name: str) -> None:
    """Raise `UsageError` when something in a transfer's folder is a link to elsewhere.

    A letter quotes what it finds in a table, and who can make a link is not always who may read.
    """
    for path in sorted(deployment.transfer_folder(name).rglob("*")):
        if not deployment.holds(path):
            raise UsageError(
                "a file of the transfer is a link that leads out of the deployment's folder",
                where=str(path),
                remedy="put the file itself there",
            )


def _anchored(deployment: Deployment, folder: Path, server: Settings) -> Settings:
    """Let a relative `ca_bundle` be seen from the transfer's folder."""
    if not server.ca_bundle or Path(server.ca_bundle).is_absolute():
        return server
    path = folder / server.ca_bundle
    if not deployment.holds(path):
        raise UsageError(
            "ca_bundle leads out of the deployment's folder",
            where=server.ca_bundle,
            remedy="keep the file in the transfer's folder, or write its absolute path",
        )
    return server.model_copy(update={"ca_bundle": str(path)})


@contextmanager
def servers(settings: Transfer, stopwatch: Stopwatch | None = None) -> Iterator[Servers]:
    """Open a client for each side, and close both; the stopwatch notes what they do."""
    signal.siginterrupt(signal.SIGINT, True)  # polars lets a wait outlast Ctrl-C
    with ExitStack() as stack:
        source, target = (
            stack.enter_context(connect(find_connection(side, server, os.environ), stopwatch))
            for side, server in (("source", settings.source), ("target", settings.target))
        )
        yield Servers(source, target)


def servers_of(work: Work) -> AbstractContextManager[Servers]:
    """Open both sides for a run, whose time is noted."""
    return servers(work.settings, work.stopwatch)


@contextmanager
def working(
    deployment: Deployment, name: str, run_id: str | None = None, *, begin: bool = False
) -> Iterator[Work]:
    """Hold the transfer for one command: settings read, lock taken, run found, log open."""
    settings = read_settings(deployment, name)
    with run_lock(deployment, name):
        _insist_on_store(deployment, name)
        run = _begun(deployment, name) if begin else find_run(deployment, name, run_id)
        with (
            logging_into(run.path),
            structlog.contextvars.bound_contextvars(transfer=name, run=run.run_id),
        ):
            yield Work(deployment, name, settings, run)


def _insist_on_store(deployment: Deployment, name: str) -> None:
    """Go on unless runs were published and the store that knows what is ours is gone."""
    store = deployment.store(name)
    if not store.exists() and (deployment.published(name) / LATEST).exists():
        raise RefusedError(
            "the store of this transfer is gone, and with it what is ours in the target",
            where=str(store),
            remedy=f"`tally restore {name}` makes it anew from the last publication",
        )


@contextmanager
def second_run(work: Work) -> Iterator[Work]:
    """Begin another run of a transfer that is held already, with a log of its own.

    One that comes to nothing, for which a letter tells why, leaves no folder.
    """
    run = _begun(work.deployment, work.name)
    try:
        with logging_into(run.path), structlog.contextvars.bound_contextvars(run=run.run_id):
            yield Work(work.deployment, work.name, work.settings, run)
    except TallyError:
        if not has_record(run, TransformRecord):
            shutil.rmtree(run.path)
        raise


def _begun(deployment: Deployment, name: str) -> RunFolder:
    return new_run(deployment, name, datetime.now(tz=UTC))


@contextmanager
def stage(title: str, work: Work) -> Iterator[dict[str, object]]:
    """Log a stage's beginning and end, what it took, and the counts it leaves in the mapping.

    Leaves in timings.jsonl where its time went, also when it was stopped.
    """
    log = structlog.get_logger()
    log.info("begins", stage=title)
    started, worked = work.stopwatch.now(), time.process_time()
    counts: dict[str, object] = {}
    try:
        yield counts
    except BaseException as fault:
        about = {"what": type(fault).__name__}
        if isinstance(fault, TallyError):
            about = {"what": fault.what, "where": fault.where}
        with suppress(UnavailableError):  # what happened is worth more than its line in the log
            log.error("stopped", stage=title, **about)  # noqa: TRY400  # a letter needs no trace
            keep_timings(work, title, started)
        raise
    keep_timings(work, title, started)
    took = {
        "seconds": round(work.stopwatch.now() - started, 3),
        "cpu_seconds": round(time.process_time() - worked, 3),
    }
    log.info("ends", stage=title, **took, **counts)
