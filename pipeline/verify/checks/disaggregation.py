"""Find whether each disaggregated indicator can be split up: overlapping mappings fail."""

from collections.abc import Iterator

import polars as pl

from pipeline.dhis2.http.answers import raise_for_error
from pipeline.dhis2.http.client import Client
from pipeline.text.errors import ServerError
from pipeline.verify.checks.context import VerifyContext
from pipeline.verify.rules.findings import Finding

_FAILED = 500


def check_disaggregation(context: VerifyContext) -> Iterator[Finding]:
    """Ask each disaggregated indicator alone, for all periods, over the account's org units.

    The grid leaves out what fits two options of a category, and says nothing; the data value set
    form fails. A question holds one level of org units, or a broken indicator is left out of it.
    """
    if context.metadata is None or context.scope is None or context.source.account is None:
        return
    seen = pl.DataFrame({"id": context.source.account.view_roots}, schema={"id": pl.String})
    roots = context.metadata.org_units.join(seen, on="id", how="semi").sort("level", "id")
    split_up = context.metadata.program_indicators.filter(pl.col("categories").list.len() > 0)
    for indicator, name in split_up.select("id", "name").rows():
        for level in roots.partition_by("level", maintain_order=True):
            yield from _answer(
                context.source.client, (indicator, name), context.scope.periods, level
            )


def _answer(
    source: Client, indicator: tuple[str, str], periods: list[str], org_units: pl.DataFrame
) -> Iterator[Finding]:
    parameters = [
        ("dimension", f"dx:{indicator[0]}"),
        ("dimension", f"pe:{';'.join(periods)}"),
        ("dimension", f"ou:{';'.join(org_units['id'])}"),
    ]
    answer = source.get_answer("analytics/dataValueSet.json", parameters)
    try:
        raise_for_error(answer)
        answer.json()
    except ServerError as letter:
        overlap = answer.status == _FAILED
        yield Finding(
            "overlapping-options" if overlap else "indicator-fails",
            "error",
            f"the indicator {indicator[1]} cannot be disaggregated: {letter.what}",
            indicator[0],
            "mend its category mappings: an event may match only one option of a category"
            if overlap
            else letter.remedy,
        )
