"""Read which analytics tables a server's finished jobs built, and when they began."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from pipeline.dhis2.http.client import Client
from pipeline.extract.rules.freshness import TableRun
from pipeline.text.errors import ServerError

_KINDS = ("ANALYTICS_TABLE", "CONTINUOUS_ANALYTICS_TABLE")
_FIELDS = "id,jobType,lastExecuted,lastExecutedStatus,jobParameters"


def read_table_runs(client: Client) -> list[TableRun] | None:
    """The runs of analytics tables that ended well, as the list of jobs tells them.

    None where this account may not see the list, or the server has none. A job tells its last run
    only, and a job that ran once leaves the list after a day.
    """
    try:
        body = client.get_object("jobConfigurations", [("fields", _FIELDS), ("paging", "false")])
    except ServerError as letter:
        if letter.status not in {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}:
            raise
        return None
    runs = (_run_of(one) for one in body.get("jobConfigurations") or () if isinstance(one, dict))
    return [one for one in runs if one is not None]


def _run_of(job: dict[str, Any]) -> TableRun | None:
    if job.get("jobType") not in _KINDS or job.get("lastExecutedStatus") != "COMPLETED":
        return None
    try:
        started = datetime.fromisoformat(str(job["lastExecuted"])).replace(tzinfo=None)
    except (LookupError, ValueError):
        return None
    parameters = job.get("jobParameters") or {}
    return TableRun(
        started,
        frozenset(parameters.get("skipTableTypes") or ()),
        frozenset(parameters.get("skipPrograms") or ()),
    )
