"""What a stage leaves for the next comes back as it was, also from an older Tally's folder."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.run.folder import RunFolder
from pipeline.run.records import (
    Extract,
    LoadRecord,
    Record,
    TransformRecord,
    find_record,
    has_record,
    read_record,
    write_record,
)
from pipeline.run.seal import PlanRecord
from pipeline.store.records import SnapshotChange
from pipeline.text.errors import RefusedError, UsageError

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
CHANGE = SnapshotChange(**dict.fromkeys(SnapshotChange._fields, 1))
EXTRACT = Extract(
    run_id="20261120T120000Z",
    started_at=NOON,
    periods=["202610"],
    period_type="Monthly",
    org_units=["ouClinic00a"],
    levels={"ouClinic00a": 2},
    categories={"piCases0001": []},
    unknown_indicators={"piBroken001": "the server cannot run it"},
    silent_indicators=[],
    source_system_id="s",
    source_version="2.42",
    target_system_id="t",
    target_version="2.43",
    source_account="tally",
    target_account="tally",
    analytics_built="never",
)
TRANSFORMED = TransformRecord("r", 3, 2, 1, 2, 7, "m")
LOADED = LoadRecord("r", {"loaded": 2, "drifted": 0, "refused": 0}, 0, 1, 3)
EVERY = [
    EXTRACT,
    TRANSFORMED,
    TransformRecord("r", 3, 2, 1, 2, 7, "m", CHANGE),
    TransformRecord("r", 0, 0, 0, 0, 7, "m", CHANGE, undoes="q"),
    LOADED,
    PlanRecord(NOON, ({"guard": "old-plan"},), ()),
]


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    folder = tmp_path / "fever" / "20261120T120000Z"
    folder.mkdir(parents=True)
    return RunFolder(folder)


def written(run: RunFolder, record: Record) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((run.path / record.FILE).read_text())
    return told


@pytest.mark.parametrize("record", EVERY, ids=lambda record: type(record).__name__)
def test_a_record_comes_back_as_it_was_written(run: RunFolder, record: Record) -> None:
    assert find_record(run, type(record)) is None
    assert not has_record(run, type(record))

    write_record(run, record)

    assert read_record(run, type(record)) == find_record(run, type(record)) == record
    assert has_record(run, type(record))


def test_a_load_record_names_indicators_only_where_some_could_not_be_run(run: RunFolder) -> None:
    write_record(run, replace(LOADED, unknown_indicators={"piCases0001": "by zero"}))

    assert written(run, LOADED)["unknown_indicators"] == {"piCases0001": "by zero"}
    assert LOADED.is_complete
    assert not read_record(run, LoadRecord).is_complete


def test_records_stand_in_their_files_as_they_always_did(run: RunFolder) -> None:
    for record in (EXTRACT, TRANSFORMED, LOADED):
        write_record(run, record)

    assert written(run, EXTRACT)["started_at"] == "2026-11-20T12:00:00+00:00"
    assert written(run, TRANSFORMED) == {
        "run_id": "r",
        "rows": 3,
        "accepted": 2,
        "rejects": 1,
        "values": 2,
        "mapping_rows": 7,
        "mapping_hash": "m",
        "change": {},
    }
    assert written(run, LOADED) == {
        "run_id": "r",
        "counts": {"loaded": 2, "drifted": 0, "refused": 0},
        "adopted": 0,
        "closed": 1,
        "requests": 3,
        "already": False,
    }


def test_only_an_undoing_run_says_what_it_undoes(run: RunFolder) -> None:
    undoing = TransformRecord("r", 0, 0, 0, 0, 7, "m", undoes="q")
    write_record(run, undoing)

    assert written(run, undoing)["undoes"] == "q"
    assert undoing.is_undo
    assert not TRANSFORMED.is_undo


def test_what_an_older_tally_did_not_write_and_a_newer_one_adds_does_no_harm(
    run: RunFolder,
) -> None:
    record = EXTRACT.as_record() | {"of_tomorrow": 1}
    for name in ("filters", "only_org_units", "only_periods"):
        del record[name]
    (run.path / Extract.FILE).write_text(json.dumps(record))

    assert read_record(run, Extract) == EXTRACT


def test_a_record_that_is_not_there_yet_is_asked_of_its_command(run: RunFolder) -> None:
    with pytest.raises(UsageError, match=r"this run has no extract\.json yet") as raised:
        read_record(run, Extract)

    assert raised.value.remedy == "`tally extract fever` makes it"


@pytest.mark.parametrize("content", ["", "{", "[]", "7", '{"run_id": "r"}', '{"rows": "many"}'])
def test_a_damaged_record_is_told(run: RunFolder, content: str) -> None:
    (run.path / TransformRecord.FILE).write_text(content)

    with pytest.raises(RefusedError, match="changed by hand, or is damaged") as raised:
        read_record(run, TransformRecord)
    with pytest.raises(RefusedError, match=r"transform\.json of this run") as found:
        find_record(run, TransformRecord)

    assert raised.value.remedy == "`tally transform fever` makes it again"
    assert found.value.remedy == "set that run's folder aside"


@pytest.mark.parametrize(
    ("outcome", "is_whole"), [("refused", False), ("drifted", False), ("held", True)]
)
def test_a_load_is_whole_when_nothing_was_refused_or_drifted(outcome: str, is_whole: bool) -> None:
    counts = dict.fromkeys(["loaded", "held", "drifted", "refused"], 0) | {outcome: 1}

    assert LoadRecord("r", counts, 0, 0, 1).is_whole == is_whole
