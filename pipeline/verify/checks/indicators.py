"""Find which plain indicators the server cannot run: each is asked by itself once."""

from collections.abc import Iterator
from dataclasses import replace

from pipeline.dhis2.analytics import ANY_BREACH, ask_all_alone
from pipeline.dhis2.http.client import Client
from pipeline.dhis2.threads import in_order
from pipeline.extract.rules.scope import Scope
from pipeline.text.errors import ServerError
from pipeline.verify.checks.context import VerifyContext
from pipeline.verify.rules.findings import Finding
from pipeline.verify.rules.indicators import failing_findings, periods_to_ask


def check_indicators(context: VerifyContext) -> Iterator[Finding]:
    """Ask each indicator that is asked without categories, by itself, with the filters of a run.

    Together with others a broken one is left out of the answer, or fails it for all. A large
    transfer is asked for its newest periods only.
    """
    if context.scope is None or context.metadata is None:
        return
    plain = [one for one, categories in context.scope.categories.items() if not categories]
    filters = context.settings.source.filters
    periods = periods_to_ask(context.scope.periods, context.scope.org_units.height)
    scopes = [replace(context.scope.of_one(one), periods=periods) for one in plain]
    source = context.source.client
    letters = in_order(lambda scope: _letter(source, scope, filters), scopes)
    failing = {
        one: letter for one, letter in zip(plain, letters, strict=True) if letter is not None
    }
    yield from failing_findings(failing, context.metadata.program_indicators)


def _letter(source: Client, scope: Scope, filters: tuple[str, ...]) -> ServerError | None:
    questions = scope.questions(row_limit=0, filters=filters)
    answer = ask_all_alone(source, questions, bearable=ANY_BREACH)
    return answer if isinstance(answer, ServerError) else None
