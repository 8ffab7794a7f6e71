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


def ask_approvals(target: Client, metadata: TargetMetadata, forms: pl.DataFrame) -> pl.DataFrame:
    """Some forms (FORM) that may be approved, with approval_hold (null: they may be written into).

    Only data sets with an approval workflow are asked about, each form once.
    """
    sets = metadata.data_sets.filter(pl.col("workflow").fill_null("") != "")
    asking = (
        forms.select(FORM).join(sets.select(data_set="id"), on="data_set", how="semi").unique()
    ).sort(FORM)
    default = metadata.default_option_combo
    asked = [
        Form(data_set, period, org_unit, "" if combo == default else combo)
        for data_set, period, org_unit, combo in asking.iter_rows()
    ]
    found = [_HOLDS.get(one) for one in in_order(partial(read_approval, target), asked)]
    return asking.with_columns(approval_hold=pl.Series(found, dtype=pl.String))


def written_forms(decided: DataFrame[Plan]) -> pl.DataFrame:
    """The forms that a plan would write into: FORM."""
    return decided.filter(pl.col("action").is_in(WRITING)).select(FORM).unique()
