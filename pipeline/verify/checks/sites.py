"""Find what is wrong with the site register."""

from collections.abc import Iterator

import polars as pl

from pipeline.cells.periods import parse_period
from pipeline.tables import read_sites
from pipeline.verify.checks.context import VerifyContext
from pipeline.verify.rules.findings import Finding
from pipeline.verify.rules.sites import site_findings


def check_sites(context: VerifyContext) -> Iterator[Finding]:
    """Read the register, and compare it with the transfer's org units and periods."""
    sites = read_sites(context.deployment.mappings(context.name))
    if context.forms is None or context.scope is None:
        return
    periods = [parse_period(one) for one in context.scope.periods]
    days = pl.DataFrame(
        [(one.id, one.start) for one in periods],
        schema={"period": pl.String, "start": pl.Date},
        orient="row",
    )
    forms = context.forms
    ids = [*forms.org_units["id"], *forms.data_elements["id"], *forms.data_sets["id"]]
    yield from site_findings(sites, context.target_org_units, days, ids)
