"""Find whether the target tells its values as it is asked: a plan is made of nothing else."""

from collections.abc import Iterator

from pipeline.dhis2.asked_values import extents_of
from pipeline.dhis2.data_value_sets import read_current
from pipeline.text.errors import ServerError
from pipeline.verify.checks.context import VerifyContext, as_finding
from pipeline.verify.rules.findings import Finding


def check_current_values(context: VerifyContext) -> Iterator[Finding]:
    """Read each data set for the last period, and keep nothing of it.

    An answer about something else than was asked, one with incomplete keys or with two numbers
    for a cell would stop every run.
    """
    forms, scope, account = context.forms, context.scope, context.target.account
    if forms is None or scope is None or account is None:
        return
    for data_set, extent in extents_of(forms).items():
        try:
            read_current(
                context.target.client, data_set, scope.periods[-1:], account.reading_roots, extent
            )
        except ServerError as letter:
            yield as_finding("current", letter)
