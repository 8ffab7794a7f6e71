"""What shuts a form of one site and period, and what opens it again: approvals, lock exceptions."""

from datetime import date
from typing import Any, Literal, NamedTuple

import polars as pl

from pipeline.cells.periods import period_of
from pipeline.dhis2.http.client import Client
from pipeline.dhis2.objects import id_of
from pipeline.text.errors import LoginError, ServerError, UsageError
from schemas.server import SystemInfo

EXCEPTIONS = {"data_set": pl.String, "period": pl.String, "org_unit": pl.String}
_OPEN = ("UNAPPROVABLE", "UNAPPROVED_")  # a form without workflow levels, or still to be approved
_SHUT = ("APPROVED_", "ACCEPTED_")
Approval = Literal["open", "approved", "not told"]


class Form(NamedTuple):
    """One form that is approved as a whole; an empty attribute option combo is the default one."""

    data_set: str
    period: str
    org_unit: str
    attribute_option_combo: str = ""


def read_approval(client: Client, form: Form) -> Approval:
    """Ask whether a form is approved; raises only when nobody answers or the login is refused.

    The words for an approval are those of `state` (docs/dhis2.md, Approvals); any other word is
    not told.
    """
    parameters = [("ds", form.data_set), ("pe", form.period), ("ou", form.org_unit)]
    if form.attribute_option_combo:
        parameters.append(("aoc", form.attribute_option_combo))
    try:
        body = client.get_json("dataApprovals", parameters)
    except LoginError:
        raise
    except ServerError as letter:
        if not letter.status:
            raise
        return "not told"
    state = str(body.get("state") if isinstance(body, dict) else "")
    if state.startswith(_SHUT):
        return "approved"
    return "open" if state.startswith(_OPEN) else "not told"


def read_lock_exceptions(client: Client, info: SystemInfo) -> pl.DataFrame:
    """Read which locked forms somebody opened: data_set, period, org_unit.

    A server that does not tell them has none for us: what is locked stays on hold. From 2.43 on a
    period is told by its type and dates, not by its id (docs/dhis2.md, Lock exceptions).
    """
    period = "period" if info.is_new_engine else "period[id]"
    fields = f"organisationUnit[id],dataSet[id],{period}"
    try:
        body = client.get_json("lockExceptions", [("fields", fields), ("paging", "false")])
    except LoginError:
        raise
    except ServerError as letter:
        if not letter.status:
            raise
        return pl.DataFrame(schema=EXCEPTIONS)
    listed = body.get("lockExceptions") if isinstance(body, dict) else None
    rows = [
        (id_of(one, "dataSet"), _period_id(one.get("period")), id_of(one, "organisationUnit"))
        for one in (listed if isinstance(listed, list) else ())
        if isinstance(one, dict)
    ]
    return pl.DataFrame(rows, schema=EXCEPTIONS, orient="row").drop_nulls().unique()


def _period_id(period: Any) -> str | None:  # noqa: ANN401  # as the server gives it
    """The id of a period that is told by its id, or by its type and first day; None otherwise."""
    if not isinstance(period, dict):
        return None
    if "id" in period:
        return str(period["id"])
    try:
        return period_of(str(period["periodType"]), date.fromisoformat(period["startDate"][:10])).id
    except (LookupError, TypeError, ValueError, UsageError):
        return None
