"""Ask what every disaggregated indicator counts in all: its cells must add up to that."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.dhis2.analytics import (
    Clock,
    Response,
    ask_all_alone,
    ask_together,
    row_limit,
    utc_now,
)
from pipeline.dhis2.http.client import Client
from pipeline.dhis2.overlaps import find_overlaps
from pipeline.dhis2.threads import in_order
from pipeline.extract.asking import Answers
from pipeline.extract.rules.questions import Question
from pipeline.extract.rules.scope import Scope
from pipeline.extract.rules.selectors import OrgUnitSelector
from pipeline.extract.rules.totals import (
    all_sums,
    at_places,
    overlap_questions,
    places_of,
    questions_below,
    sums_below,
    sums_of,
    total_questions,
    unexplained,
)
from pipeline.run.responses import keep_all
from pipeline.run.work import Work
from pipeline.text.errors import ServerError
from schemas.frames import trusted
from schemas.remainders import Remainders


@dataclass(frozen=True)
class Totals:
    """What came of asking for totals.

    `remainders`: what cells do not explain. `failed`: the indicators whose numbers are not to be
    believed, and why: their total cannot be asked, or their events fit two options.
    """

    remainders: DataFrame[Remainders]
    failed: dict[str, ServerError]


@dataclass(frozen=True)
class TotalsAsker:
    """Who asks for totals, and keeps every answer; `failed` grows as indicators cannot be run.

    `roots`: the org units of the account's view, those of each level apart.
    """

    work: Work
    source: Client
    roots: Sequence[OrgUnitSelector] = ()
    clock: Clock = utc_now
    failed: dict[str, ServerError] = field(default_factory=dict)

    @cached_property
    def limit(self) -> int:
        """How many rows the source gives in one answer."""
        return row_limit(self.source)

    @property
    def filters(self) -> tuple[str, ...]:
        """The transfer's filters."""
        return self.work.settings.source.filters

    def together(self, questions: Sequence[Question]) -> pl.DataFrame:
        """What the answers to some questions add up to."""
        parts: list[pl.DataFrame] = []
        for answered in in_order(partial(ask_together, self.source, clock=self.clock), questions):
            self.failed.update(answered.unknown)
            parts += self._keep(answered.responses)
        return all_sums(parts)

    def alone(self, questions: Iterable[Question]) -> pl.DataFrame:
        """The same for questions about one indicator each, which a joint answer left out."""
        parts: list[pl.DataFrame] = []
        for question in questions:
            answer = ask_all_alone(self.source, [question], self.clock)
            if isinstance(answer, ServerError):
                self.failed[question.program_indicators[0]] = answer
            else:
                parts += self._keep(answer)
        return all_sums(parts)

    def _keep(self, responses: list[Response]) -> list[pl.DataFrame]:
        keep_all(self.work.run, responses, "total")
        return [sums_of(response.rows) for response in responses]


def ask_totals(
    asker: TotalsAsker, scope: Scope, answers: Answers, unknown: Collection[str]
) -> Totals:
    """Ask for totals as high up as one can, and below only where the cells do not add up.

    `answers`: what the cells add up to. `unknown`: indicators that cannot be run; nothing is asked
    of them. Raises the letter of the first question that could not be answered.
    """
    asked = [one for one in scope.split_up if one not in unknown]
    cells = _about(all_sums(answers.cells), asked)
    both_ways = set(scope.totals)
    apart = [one for one in asked if one not in both_ways]
    parts = [
        _from_above(asker, scope, _about(cells, apart), apart),
        unexplained(
            _about(all_sums(answers.totals), both_ways & {*asked}), _about(cells, both_ways)
        ),
    ]
    found = pl.concat(parts).filter(pl.col("org_unit").is_in(scope.org_units["id"].implode()))
    remainders = trusted(found, Remainders)
    _look_for_overlaps(asker, scope, asked)
    known = remainders.filter(~pl.col("program_indicator").is_in(list(asker.failed)))
    return Totals(trusted(known, Remainders), asker.failed)


def _about(sums: pl.DataFrame, indicators: Collection[str]) -> pl.DataFrame:
    return sums.filter(pl.col("program_indicator").is_in(list(indicators)))


def _from_above(
    asker: TotalsAsker, scope: Scope, cells: pl.DataFrame, indicators: list[str]
) -> pl.DataFrame:
    """What the cells of these indicators do not explain: Remainders, of org units as asked."""
    if not indicators:
        return unexplained(all_sums([]), all_sums([]))
    places = places_of(scope)
    high = asker.together(total_questions(indicators, scope, asker.limit, asker.filters))
    left_out = [one for one in indicators if one in {*cells["program_indicator"]}]
    left_out = [one for one in left_out if one not in {*high["program_indicator"], *asker.failed}]
    for one in left_out:
        high = pl.concat([high, asker.alone(total_questions([one], scope, 0, asker.filters))])
    found = unexplained(high, at_places(cells, places))
    low = asker.together(questions_below(found, scope, asker.limit, asker.filters))
    itself, below = places.filter(pl.col("level").is_null()), places.drop_nulls("level")
    return pl.concat(
        [
            found.filter(pl.col("org_unit").is_in(itself["place"].implode())),
            unexplained(sums_below(low, found, below), sums_below(cells, found, below)),
        ]
    )


def _look_for_overlaps(asker: TotalsAsker, scope: Scope, indicators: list[str]) -> None:
    """Ask whether all can be split up: first the whole view of the account, in one question.

    Where an event of the view fits two options, the org units of the scope are asked again: what
    lies elsewhere is no concern of the transfer.
    """
    everywhere = overlap_questions(indicators, scope.periods, asker.roots, asker.filters)
    suspects = {one for question in everywhere for one in find_overlaps(asker.source, question)}
    if not suspects:
        return
    for question in total_questions(sorted(suspects), scope, 0, asker.filters):
        asker.failed.update(find_overlaps(asker.source, question))
