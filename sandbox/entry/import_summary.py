"""The import summary: counts, conflicts, and the envelope around them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.state.world import Json

MESSAGES = {
    "SUCCESS": "Import was successful.",
    "ERROR": "An error occurred, please check import summary.",
}
PHRASES = {200: "OK", 409: "Conflict"}


@dataclass
class Counts:
    """How many values were written, left alone and deleted."""

    imported: int = 0
    updated: int = 0
    ignored: int = 0
    deleted: int = 0


@dataclass(frozen=True)
class Report:
    """The import summary of either generation.

    `description` is empty on the new one; `complete` is None when nobody looked at completeness.
    """

    status: str
    counts: Counts
    conflicts: Sequence[Json] = ()
    rejected: Sequence[int] = ()
    description: str = ""
    complete: str | None = "false"


def summary_message(report: Report, echo: Json, *, warning: tuple[int, str]) -> tuple[int, Json]:
    """Status and body of a reply; `warning` is how this generation words one."""
    status, message = {"WARNING": warning, "SUCCESS": (200, MESSAGES["SUCCESS"])}.get(
        report.status, (409, MESSAGES["ERROR"])
    )
    response = {
        "status": report.status,
        "importOptions": echo,
        "description": report.description,
        "importCount": vars(report.counts),
        "conflicts": list(report.conflicts),
        "rejectedIndexes": list(report.rejected),
        "dataSetComplete": report.complete,
        "responseType": "ImportSummary",
    }
    return status, {
        "httpStatus": PHRASES[status],
        "httpStatusCode": status,
        "status": "OK" if report.status == "SUCCESS" else report.status,
        "message": message,
        "response": {name: member for name, member in response.items() if member not in ("", None)},
    }
