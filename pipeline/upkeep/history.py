"""Read again what a run left behind: what happened, where its time went, what it keeps."""

from typing import Any

import polars as pl

from pipeline.files.lines import read_lines
from pipeline.ledger.journal import open_chunks
from pipeline.ledger.passed_guards import guards_passed
from pipeline.run.folder import RunFolder
from pipeline.run.logs import LOG_FILE
from pipeline.run.metadata import indicator_names
from pipeline.run.records import Extract, LoadRecord, Record, TransformRecord, find_record
from pipeline.run.responses import PROVENANCE
from pipeline.run.seal import PlanRecord
from pipeline.run.timings import read_timings

_RECORDS: dict[str, type[Record]] = {
    "load": LoadRecord,
    "plan": PlanRecord,
    "transform": TransformRecord,
}
_OF_EXTRACT = (
    *("started_at", "source_system_id", "source_version", "target_system_id", "target_version"),
    *("analytics_built", "unknown_indicators", "silent_indicators"),
)


def read_history(run: RunFolder) -> dict[str, Any]:
    """The run's records as one; a stage that was not done yet is null.

    `passed` lists the guards that somebody let it pass, with the reason; `unconfirmed` counts the
    groups of a load that were sent and never read back.
    """
    records = {
        stage: record.as_record() if (record := find_record(run, kind)) else None
        for stage, kind in _RECORDS.items()
    }
    extract = _extract(run)
    done = [stage for stage, record in records.items() if record]
    return {
        "run": run.run_id,
        "stage": done[0] if done else "extract" if extract else "begun",
        "extract": extract,
        "transform": records["transform"],
        "plan": _plan(run, records["plan"]),
        "load": records["load"],
        "passed": guards_passed(run),
        "unconfirmed": len(open_chunks(run)),
        "stops": _stops(run),
        "timings": read_timings(run),
        "bytes": _bytes(run),
    }


def _extract(run: RunFolder) -> dict[str, Any] | None:
    found = find_record(run, Extract)
    if found is None:
        return None
    record = found.as_record()
    asked, names = read_lines(run.path / PROVENANCE), indicator_names(run)
    of_note = [*record["unknown_indicators"], *record["silent_indicators"]]
    return {name: record[name] for name in _OF_EXTRACT} | {
        "indicator_names": {one: names.get(one, one) for one in of_note},
        "periods": len(record["periods"]),
        "org_units": len(record["org_units"]),
        "responses": len(asked),
        "bytes": sum(one["bytes"] for one in asked),
    }


def _plan(run: RunFolder, seal: dict[str, Any] | None) -> dict[str, Any] | None:
    if seal is None:
        return None
    actions = seal["actions"] or _actions_of_older(run)
    counts = sorted(actions.items(), key=lambda counted: (-counted[1], counted[0]))
    sealed = {name: seal[name] for name in ("made_at", "alarms", "allowed")}
    return sealed | {"actions": dict(counts)}


def _actions_of_older(run: RunFolder) -> dict[str, int]:
    """The actions of a plan of which each cell has a row, as older ones had; none without rows."""
    actions = pl.read_parquet(run.path / "plan.parquet", columns=["action"])["action"]
    return dict(actions.value_counts().rows())


def _stops(run: RunFolder) -> list[dict[str, Any]]:
    return [
        {"at": one["timestamp"], "stage": one["stage"], "what": one["what"]}
        for one in read_lines(run.path / LOG_FILE)
        if one.get("event") == "stopped"
    ]


def _bytes(run: RunFolder) -> dict[str, int]:
    """Count what the run keeps on the disk: its responses, what it sent, and its papers."""
    kept = {"responses": 0, "chunks": 0, "papers": 0}
    for path in run.path.rglob("*"):
        if path.is_file():
            folder = path.relative_to(run.path).parts[0]
            kept[folder if folder in kept else "papers"] += path.stat().st_size
    return kept
