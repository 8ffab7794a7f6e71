"""The list of jobs tells which analytics tables were built; who may not see it is told nothing."""

import json
from datetime import datetime

import pytest

from pipeline.dhis2.table_runs import read_table_runs
from pipeline.extract.rules.freshness import TableRun
from pipeline.text.errors import ServerError
from tests.dhis2.http.script import Script, door, says

STARTED = datetime(2026, 11, 30, 20, 51, 0, 31000)  # noqa: DTZ001  # DHIS2 writes server time without a zone


def job(**changed: object) -> dict[str, object]:
    return {
        "id": "jobTables001",
        "jobType": "ANALYTICS_TABLE",
        "lastExecuted": "2026-11-30T20:51:00.031",
        "lastExecutedStatus": "COMPLETED",
        "jobParameters": {"skipTableTypes": ["EVENT"], "skipPrograms": ["prMalaria01"]},
    } | changed


def told(status: int, body: object) -> list[TableRun] | None:
    with door(Script(says(status, json.dumps(body)))) as client:
        return read_table_runs(client)


def test_runs_that_ended_well_are_told_with_what_they_left_out() -> None:
    jobs = [
        job(),
        job(jobParameters=None),
        job(lastExecutedStatus="FAILED"),
        job(lastExecuted=None),
        job(jobType="AGGREGATE_DATA_EXCHANGE"),
    ]

    assert told(200, {"jobConfigurations": jobs}) == [
        TableRun(STARTED, frozenset({"EVENT"}), frozenset({"prMalaria01"})),
        TableRun(STARTED),
    ]


@pytest.mark.parametrize("status", [403, 404])
def test_a_list_that_is_not_shown_tells_nothing(status: int) -> None:
    assert told(status, {"message": "no"}) is None


def test_any_other_trouble_is_a_letter() -> None:
    with pytest.raises(ServerError):
        told(409, {"message": "no"})
