"""Ask about the approval of every form that a plan would write into, and about no other."""

from functools import partial

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.dhis2.closings import Form, read_approval
from pipeline.dhis2.http.client import Client
from pipeline.dhis2.threads import in_order
from pipeline.plan.rules import reasons
from pipeline.plan.rules.policy import WRITING
from schemas.metadata import TargetMetadata
from schemas.plan import Plan

FORM = Form._fields
_HOLDS = {"approved": reasons.APPROVED, "not told": reasons.APPROVAL_NOT_READ}


def approval_holds(
    target: Client, metadata: TargetMetadata, decided: DataFrame[Plan]
) -> pl.DataFrame:
    """The forms that may not be written into: FORM, approval_hold.

    Only data sets with an approval workflow are asked about.
    """
    sets = metadata.data_sets.filter(pl.col("workflow").fill_null("") != "")
    forms = (
        decided.filter(pl.col("action").is_in(WRITING))
        .join(sets.select(data_set="id"), on="data_set", how="semi")
        .select(FORM)
        .unique()
        .sort(FORM)
    )
    default = metadata.default_option_combo
    asked = [
        Form(data_set, period, org_unit, "" if combo == default else combo)
        for data_set, period, org_unit, combo in forms.iter_rows()
    ]
    reasons_found = [_HOLDS.get(one) for one in in_order(partial(read_approval, target), asked)]
    holds = forms.with_columns(approval_hold=pl.Series(reasons_found, dtype=pl.String))
    return holds.filter(pl.col("approval_hold").is_not_null())
