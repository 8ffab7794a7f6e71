"""Read what a target holds, and send it what a plan says."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import polars as pl

from pipeline.dhis2.answers import Answer, clean, first_line, judge, unusable
from pipeline.dhis2.client import Client
from pipeline.dhis2.system import SystemInfo
from pipeline.errors import LoginError, ServerError
from pipeline.transform.cells import KEY
from pipeline.transform.outcomes import Complaint
from pipeline.transform.questions import batched_tuples

PERIODS_A_REQUEST = 12
COLUMNS = {
    "dataelement": "data_element",
    "period": "period",
    "orgunit": "org_unit",
    "categoryoptioncombo": "category_option_combo",
    "attributeoptioncombo": "attribute_option_combo",
    "value": "value",
    "storedby": "stored_by",
    "lastupdated": "last_updated",
    "comment": "comment",
    "deleted": "deleted",
}
CURRENT = {name: pl.String for name in COLUMNS.values() if name != "deleted"}


@dataclass(frozen=True)
class ImportSummary:
    """What a server says it did with a request. It is kept and shown; it proves nothing."""

    http_status: int
    status: str
    message: str
    imported: int = 0
    updated: int = 0
    ignored: int = 0
    deleted: int = 0
    complaints: tuple[Complaint, ...] = ()

    def as_record(self) -> dict[str, Any]:
        """Give the summary as JSON keeps it."""
        return {**vars(self), "complaints": [one._asdict() for one in self.complaints]}


def read_current(
    client: Client, data_set: str, periods: Sequence[str], roots: Sequence[str]
) -> pl.DataFrame:
    """Read all values of a data set for some periods, below the given org units.

    Gives the key, value, stored_by, last_updated and comment, all text, deleted rows left out,
    no order promised. An empty answer is a refusal, never "no values".
    """
    parts = [pl.DataFrame(schema=CURRENT)]
    for root in roots:
        for some in batched_tuples(periods, PERIODS_A_REQUEST):
            parameters = [
                ("dataSet", data_set),
                *(("period", period) for period in some),
                ("orgUnit", root),
                ("children", "true"),
                ("includeDeleted", "false"),
            ]
            answer = client.get_answer("dataValueSets.csv", parameters, accept="application/csv")
            parts.append(_values_of_csv(answer))
    return pl.concat(parts).unique(maintain_order=True)


def _values_of_csv(answer: Answer) -> pl.DataFrame:
    if answer.status != 200 or not answer.body.strip():  # noqa: PLR2004  # HTTP's own
        judge(answer)
        raise unusable(answer, "nothing at all where values were asked for")
    header = answer.body.split(b"\n", 1)[0].decode("utf-8", "replace").strip().replace('"', "")
    names = [name.lower() for name in header.split(",")]
    if not set(COLUMNS) <= {*names, "deleted"} or not answer.body.endswith(b"\n"):
        raise unusable(answer, "a table of values that cannot be read")
    try:
        table = pl.read_csv(
            BytesIO(answer.body),
            schema=dict.fromkeys(names, pl.String),
            has_header=False,
            skip_rows=1,
            raise_if_empty=False,
        )
    except pl.exceptions.PolarsError as error:
        raise unusable(answer, "a table of values that is broken") from error
    if "deleted" in table.columns:
        table = table.filter(pl.col("deleted").fill_null("") != "true")
    known = {old: new for old, new in COLUMNS.items() if new in CURRENT}
    values = table.rename(known).select(*CURRENT)
    if values.select(KEY).null_count().sum_horizontal().sum():
        raise unusable(answer, "a table of values with an incomplete key")
    return values.with_columns(pl.col("comment").replace({"": None, "null": None}))


def post(client: Client, body: bytes, info: SystemInfo, *, dry_run: bool = False) -> ImportSummary:
    """Send values of one data set, once. What the server says is read, not believed.

    Raises `AnswerLostError` when no answer came, `LoginError` when the login is refused.
    """
    parameters = [("importStrategy", "CREATE_AND_UPDATE"), ("async", "false")]
    if not info.is_new_engine:
        parameters.append(("preheatCache", "true"))
    if dry_run:
        parameters.append(("dryRun", "true"))
    answer = client.post_json("dataValueSets", body, parameters)
    return _summary(answer)


def _summary(answer: Answer) -> ImportSummary:
    try:
        told = answer.json()
    except LoginError:
        raise
    except ServerError:
        return ImportSummary(answer.status, "UNREADABLE", first_line(answer.body))
    told = told if isinstance(told, dict) else {}
    inner = told.get("response") or {}
    inner = inner if "importCount" in inner or "conflicts" in inner else {}
    counts = inner.get("importCount") or {}
    return ImportSummary(
        http_status=answer.status,
        status=str(inner.get("status") or told.get("status") or "UNREADABLE"),
        message=clean(str(inner.get("description") or told.get("message") or "")),
        imported=int(counts.get("imported", 0)),
        updated=int(counts.get("updated", 0)),
        ignored=int(counts.get("ignored", 0)),
        deleted=int(counts.get("deleted", 0)),
        complaints=tuple(_complaint(one) for one in inner.get("conflicts") or ()),
    )


def _complaint(conflict: dict[str, Any]) -> Complaint:
    objects = conflict.get("objects") or {}
    return Complaint(
        code=str(conflict.get("errorCode") or ""),
        message=clean(str(conflict.get("value") or "")),
        indexes=tuple(int(index) for index in conflict.get("indexes") or ()),
        arguments=str(objects.get("args") or ""),
    )
