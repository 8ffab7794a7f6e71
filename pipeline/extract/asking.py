"""Ask for a whole scope and keep every answer; what gave no row is asked again by itself."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Self

import polars as pl

from pipeline.dhis2.analytics import (
    Clock,
    Response,
    ask_all_alone,
    ask_together,
    bearable_codes,
    row_limit,
)
from pipeline.dhis2.http.client import Client
from pipeline.dhis2.threads import IN_FLIGHT, in_order
from pipeline.extract.rules.scope import Scope
from pipeline.extract.rules.totals import sums_of
from pipeline.run.progress import Steps
from pipeline.run.responses import keep_all
from pipeline.run.work import Work
from pipeline.text.errors import ServerError


@dataclass(frozen=True)
class Answers:
    """What answers add up to, as `sums_of` gives it.

    `cells`: of those asked with categories. `totals`: of those asked without them.
    """

    cells: list[pl.DataFrame] = field(default_factory=list)
    totals: list[pl.DataFrame] = field(default_factory=list)

    def __add__(self, other: Self) -> Self:
        """What both add up to; no two of their answers are about the same place."""
        return type(self)(self.cells + other.cells, self.totals + other.totals)

    def add(self, response: Response, scope: Scope) -> None:
        """Add up the rows of one more answer; plain indicators have nothing to be compared."""
        if response.question.categories:
            self.cells.append(sums_of(response.rows))
        elif scope.totals:
            self.totals.append(sums_of(response.rows))


@dataclass(frozen=True)
class JointAnswers:
    """What came of asking for everything together.

    `counted`: the indicators that had any row. `failed`: those that cannot be run, and why.
    `answers`: what came.
    """

    counted: frozenset[str]
    failed: dict[str, ServerError]
    answers: Answers = field(default_factory=Answers, compare=False)


@dataclass(frozen=True)
class LoneAnswers:
    """What came of asking some indicators, each by itself.

    `silent`: those without any row, which can now be believed, in the order they were asked.
    `failed`: those that cannot be run, and why. `answers`: what came all the same.
    """

    silent: list[str]
    failed: dict[str, ServerError]
    answers: Answers = field(default_factory=Answers, compare=False)


def ask_jointly(
    work: Work, source: Client, scope: Scope, steps: Steps, clock: Clock
) -> JointAnswers:
    """Ask for the whole scope in few questions, and keep the responses.

    Raises the letter of the first question that could not be answered.
    """
    filters = work.settings.source.filters
    questions = scope.questions(row_limit(source), filters, at_least=IN_FLIGHT)
    counted: set[str] = set()
    failed: dict[str, ServerError] = {}
    answers, split_up = Answers(), set(scope.split_up)
    steps.begin(len(questions))
    bearable = bearable_codes(work.settings.source)
    ask = partial(ask_together, source, clock=clock, bearable=bearable)
    for answered in in_order(ask, questions):
        keep_all(work.run, answered.responses, "joint")
        failed |= answered.unknown
        for response in answered.responses:
            answers.add(response, scope)
            here = set(response.rows["program_indicator"].unique())
            counted |= here if response.question.categories else here - split_up
        steps.step(_rows(answered.responses))
    return JointAnswers(frozenset(counted), failed, answers)


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
    added = Answers()
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
        for response in answer:
            added.add(response, scope)
        if not _rows(answer):
            silent.append(indicator)
        steps.step(_rows(answer))
    return LoneAnswers(silent, failed, added)


def _rows(responses: Iterable[Response]) -> int:
    return sum(response.rows.height for response in responses)
