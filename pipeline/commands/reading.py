"""Tell what runs did, and give it to those who read it elsewhere."""

from datetime import UTC, datetime

import polars as pl

from pipeline import presenter
from pipeline.files.deployment import Deployment
from pipeline.run.folder import find_run
from pipeline.run.lock import run_lock
from pipeline.run.session import read_settings, stage, working
from pipeline.run.work import Work
from pipeline.store.transfer import Store
from pipeline.text.errors import UsageError

RUN_COLUMNS = (
    "run_id",
    "stage",
    "first_period",
    "last_period",
    "rows",
    "rejects",
    "values",
    "planned_at",
    "loaded_at",
)


def publish_run(deployment: Deployment, name: str, *, as_json: bool) -> None:
    """Publish the newest run that has a snapshot."""
    with working(deployment, name) as work:
        told = publish_work(work)
    if as_json:
        presenter.show_json(told)
    else:
        presenter.say(f"published {told['file']}")


def publish_work(work: Work) -> dict[str, object]:
    """Publish this run."""
    from pipeline.publish.stage import publish  # noqa: PLC0415  # analysts' files are the last thing

    with stage("publish", work) as counts:
        told = publish(
            work.deployment.store(work.name),
            work.run.path,
            {
                path.stem: pl.read_parquet(path)
                for path in sorted(work.run.metadata.glob("*.parquet"))
            },
            work.deployment.published(work.name),
            run_id=work.run.run_id,
            now=datetime.now(tz=UTC),
            keep=work.settings.keep.publications,
        )
        counts |= {"rows": dict(told.rows)}
    return {"run": told.run_id, "file": str(told.file), "sha256": told.sha256}


def list_runs(deployment: Deployment, name: str, *, as_json: bool) -> None:
    """Show one line per run."""
    read_settings(deployment, name)
    found = _store(deployment, name).runs()
    shown = found if as_json else found.select(RUN_COLUMNS)
    _show(shown, "no run of this transfer made values yet", as_json=as_json)


def show_run(deployment: Deployment, name: str, run: str | None, *, as_json: bool) -> None:
    """Show what a run did, where its time went, and what it keeps; a run under way, so far."""
    from pipeline.report.history import history_as_markdown  # noqa: PLC0415  # beside its only use
    from pipeline.upkeep.history import read_history  # noqa: PLC0415  # as above

    read_settings(deployment, name)
    story = read_history(find_run(deployment, name, run))
    if as_json:
        presenter.show_json(story)
    else:
        presenter.show_markdown(history_as_markdown(story))


def list_changes(
    deployment: Deployment, name: str, earlier: str, later: str, *, as_json: bool
) -> None:
    """Show what tracker changed between two runs, by the ids of the cells."""
    from pipeline.cells.packing import unpack  # noqa: PLC0415  # beside its only use

    read_settings(deployment, name)
    store = _store(deployment, name)
    with run_lock(deployment, name):
        known = set(store.runs()["run_id"])
        for run in sorted({earlier, later} - known):
            remedy = f"see `tally runs {name}`"
            raise UsageError(f"there is no run {run}", where=str(store.path), remedy=remedy)
        found = unpack(store.changes(earlier, later), store.dictionaries())
    _show(found, "tracker said the same in both runs", as_json=as_json)


def cell_history(deployment: Deployment, name: str, cell: str, *, as_json: bool) -> None:
    """Show what one cell held, run by run."""
    key = cell.replace(".", "/").split("/")
    parts = 5
    if len(key) != parts:
        raise UsageError(
            f"{cell!r} names no cell",
            remedy="give five ids with / between: data element, period, org unit, option combo, "
            "attribute option combo",
        )
    read_settings(deployment, name)
    found = _store(deployment, name).cell_history(*key)
    _show(found, "tracker never counted anything in this cell", as_json=as_json)


def _store(deployment: Deployment, name: str) -> Store:
    return Store(deployment.store(name))


def _show(found: pl.DataFrame, nothing: str, *, as_json: bool) -> None:
    if as_json:
        presenter.show_json(found.to_dicts())
    elif found.is_empty():
        presenter.say(nothing)
    else:
        presenter.show_table(found)
