"""Find whether the values that the target holds can be read, as every plan and load does."""

from collections.abc import Iterator

import polars as pl

from pipeline.dhis2.data_values.asked import extents_of
from pipeline.dhis2.data_values.reading import read_current
from pipeline.dhis2.data_values.tables import REPLACEMENT
from pipeline.verify.checks.context import VerifyContext
from pipeline.verify.rules.findings import Finding


def check_readings(context: VerifyContext) -> Iterator[Finding]:
    """Read one period of each data set; raises the letter that a plan would have."""
    target, account = context.target.client, context.target.account
    if account is None or context.forms is None or context.scope is None:
        return
    for data_set, extent in extents_of(context.forms).items():
        periods = context.scope.periods[-1:]
        values = read_current(target, data_set, periods, account.reading_roots, extent)
        damaged = values.filter(pl.col("comment").str.contains(REPLACEMENT)).height
        if damaged:
            yield Finding(
                "damaged-comments",
                "warning",
                "comments of values are no UTF-8; where Tally changes such a value, its comment "
                "is lost",
                f"{data_set}, {', '.join(periods)}: {damaged}",
                "write these comments anew in the form, or ask who runs the database",
            )
    if target.sites_below:
        yield Finding(
            "slow-below",
            "warning",
            "the target is too slow to find what lies below an org unit, so its sites are asked by "
            "their own ids",
            ", ".join(sorted(target.sites_below)),
            "bring the target to a newer patch (2.43.0 is slow here), or expect longer runs",
        )
