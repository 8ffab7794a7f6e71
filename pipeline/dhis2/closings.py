"""What shuts a form of one site and period, and what opens it again: approvals, lock exceptions."""

from typing import Literal, NamedTuple

import polars as pl

from pipeline.dhis2.http.client import Client
from pipeline.dhis2.objects import id_of
from pipeline.text.errors import LoginError, ServerError

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
        told = client.get_json("dataApprovals", parameters)
    except LoginError:
        raise
    except ServerError as letter:
        if not letter.status:
            raise
        return "not told"
    state = str(told.get("state") if isinstance(told, dict) else "")
    if state.startswith(_SHUT):
        return "approved"
    return "open" if state.startswith(_OPEN) else "not told"


def read_lock_exceptions(client: Client) -> pl.DataFrame:
    """Read which locked forms somebody opened: data_set, period, org_unit.

    A server that does not tell them has none for us: what is locked stays on hold.
    """
    fields = "organisationUnit[id],dataSet[id],period[id]"
    try:
        told = client.get_json("lockExceptions", [("fields", fields), ("paging", "false")])
    except LoginError:
        raise
    except ServerError as letter:
        if not letter.status:
            raise
        return pl.DataFrame(schema=EXCEPTIONS)
    listed = told.get("lockExceptions") if isinstance(told, dict) else None
    rows = [
        (id_of(one, "dataSet"), id_of(one, "period"), id_of(one, "organisationUnit"))
        for one in listed or ()
        if isinstance(one, dict)
    ]
    return pl.DataFrame(rows, schema=EXCEPTIONS, orient="row").drop_nulls().unique()
