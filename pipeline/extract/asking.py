"""Ask for a whole scope and keep every answer; what gave no row is asked again by itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from pipeline.dhis2.analytics import (
    Clock,
    Response,
    ask_all_alone,
    ask_together,
    bearable_codes,
    row_limit,
)
from pipeline.dhis2.http.client import Client
from pipeline.dhis2.threads import in_order
from pipeline.extract.rules.scope import Scope
from pipeline.run.progress import Steps
from pipeline.run.responses import keep_all
from pipeline.run.work import Work
from pipeline.text.errors import ServerError


@dataclass(frozen=True)
class JointAnswers:
    """What came of asking for everything together.

    `counted`: the indicators that had any row. `failed`: those that cannot be run, and why.
    """

    counted: frozenset[str]
    failed: dict[str, ServerError]


@dataclass(frozen=True)
class LoneAnswers:
    """What came of asking some indicators, each by itself.

    `silent`: those without any row, which can now be believed, in the order they were asked.
    `failed`: those that cannot be run, and why.
    """

    silent: list[str]
    failed: dict[str, ServerError]


def ask_jointly(
    work: Work, source: Client, scope: Scope, steps: Steps, clock: Clock
) -> JointAnswers:
    """Ask for the whole scope in few questions, and keep the responses.

    Raises the letter of the first question that could not be answered.
    """
    questions = scope.questions(row_limit(source), work.settings.source.filters)
    counted: set[str] = set()
    failed: dict[str, ServerError] = {}
    steps.begin(len(questions))
    bearable = bearable_codes(work.settings.source)
    ask = partial(ask_together, source, clock=clock, bearable=bearable)
    for answered in in_order(ask, questions):
        keep_all(work.run, answered.responses, "joint")
        failed |= answered.unknown
        for response in answered.responses:
            counted |= set(response.rows["program_indicator"].unique())
        steps.step(_rows(answered.responses))
    return JointAnswers(frozenset(counted), failed)


def ask_each_alone(
    work: Work, source: Client, scope: Scope, steps: Steps, clock: Clock, *, indicators: list[str]
) -> LoneAnswers:
    """Ask these indicators again, each by itself, and keep the responses.

    A server leaves an indicator that it cannot run out of a joint answer, without a word
    (docs/dhis2.md, Analytics leave things out).
    """
    filters, bearable = work.settings.source.filters, bearable_codes(work.settings.source)
    silent: list[str] = []
    failed: dict[str, ServerError] = {}
    answers = in_order(
        lambda one: ask_all_alone(
            source, one.questions(row_limit=0, filters=filters), clock, bearable
        ),
        [scope.of_one(indicator) for indicator in indicators],
    )
    for indicator, answer in zip(indicators, answers, strict=True):
        if isinstance(answer, ServerError):
            failed[indicator] = answer
            continue
        keep_all(work.run, answer, "alone")
        if not _rows(answer):
            silent.append(indicator)
        steps.step(_rows(answer))
    return LoneAnswers(silent, failed)


def _rows(responses: Iterable[Response]) -> int:
    return sum(response.rows.height for response in responses)
