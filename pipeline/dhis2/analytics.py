"""Ask a server's analytics: as CSV first, as a grid where that fails, in halves where it must."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Literal

from pandera.typing.polars import DataFrame

from pipeline.config.sections import Source
from pipeline.dhis2.http.answers import RawAnswer, unusable
from pipeline.dhis2.http.client import Client
from pipeline.dhis2.http.refusals import raise_for_error
from pipeline.extract.rules.grids import GridError, rows_of_csv, rows_of_grid
from pipeline.extract.rules.questions import Question, halved, split
from pipeline.text.errors import (
    BarrierError,
    IndicatorError,
    LoginError,
    ServerError,
    TooLargeError,
)
from schemas.values import AnalyticsRows

DEFAULT_ROW_LIMIT = 100_000  # DHIS2's own default of keyAnalyticsMaxLimit, on every version
CSV = "application/csv"
TOO_SLOW = "E7131"
DIVISION_BY_ZERO = "E7132"
# What is wrong with an indicator itself: nothing of it is there to be asked, it divides by zero,
# the database cannot run it, or its category mappings do not fit its program.
OF_AN_INDICATOR = frozenset({"E7124", DIVISION_BY_ZERO, "E7145", "E4071", "E4074"})
# The program of an indicator has no table, or nothing has: one such indicator fails a question.
NO_TABLE = "E7144"
ANY_BREACH = OF_AN_INDICATOR | {NO_TABLE}

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The time, in UTC."""
    return datetime.now(tz=UTC)


def bearable_codes(source: Source) -> frozenset[str]:
    """The errors of an indicator that hold its cells only; all others stop the run."""
    return ANY_BREACH if source.on_broken == "hold" else OF_AN_INDICATOR


@dataclass(frozen=True)
class Response:
    """One answered question: what was said byte for byte, and the rows read out of it."""

    question: Question
    kind: Literal["csv", "json"]
    answer: RawAnswer
    asked_at: datetime
    rows: DataFrame[AnalyticsRows] = field(repr=False)


@dataclass(frozen=True)
class Answered:
    """What came of a question: the responses of its parts, and indicators that cannot be run.

    `unknown` gives the letter for each of these; there may be responses for parts of them.
    """

    responses: list[Response]
    unknown: dict[str, ServerError] = field(default_factory=dict)


def row_limit(client: Client) -> int:
    """Read how many rows the server gives in one answer; 0 means any number.

    A server that does not tell is taken to have the usual limit: a question that is too large
    for it is refused and asked in halves.
    """
    name = "keyAnalyticsMaxLimit"
    try:
        return int(client.get_json("systemSettings", [("key", name)])[name])
    except LoginError:
        raise
    except (ServerError, LookupError, TypeError, ValueError):
        return DEFAULT_ROW_LIMIT


def ask_together(
    client: Client,
    question: Question,
    clock: Clock = utc_now,
    bearable: Collection[str] = OF_AN_INDICATOR,
) -> Answered:
    """Ask until every part of the question is answered.

    One indicator that cannot be run can fail a question for all: then they are asked in halves
    until it is found. Raises the letter of whatever else went wrong: what was asked is then not
    known at all. An error of an indicator that is not among the `bearable` codes is raised as
    `IndicatorError`, which names it.
    """
    try:
        return Answered([_ask_once(client, question, clock)])
    except TooLargeError as letter:
        parts = _smaller(question, letter)
    except ServerError as letter:
        if letter.code not in ANY_BREACH:
            raise
        if len(question.program_indicators) == 1:
            return Answered(
                [], {question.program_indicators[0]: _bearable(letter, question, bearable)}
            )
        parts = halved(question, "program_indicators")
    return _together([ask_together(client, part, clock, bearable) for part in parts])


def _smaller(question: Question, letter: TooLargeError) -> list[Question]:
    """The halves of a question that was too large; raises a letter for the smallest one.

    A firewall that refuses even that one did not refuse it for its size: its own letter stands.
    """
    try:
        return split(question)
    except TooLargeError:
        if isinstance(letter, BarrierError):
            raise letter from None
        raise


def _bearable(letter: ServerError, question: Question, bearable: Collection[str]) -> ServerError:
    """The letter about the one indicator of a question; raised unless its code is `bearable`."""
    if letter.code in bearable:
        return letter
    raise IndicatorError(
        letter.what,
        where=letter.where,
        remedy=letter.remedy,
        status=letter.status,
        code=letter.code,
        indicator=question.program_indicators[0],
    ) from letter


def ask_alone(
    client: Client,
    question: Question,
    clock: Clock = utc_now,
    bearable: Collection[str] = OF_AN_INDICATOR,
) -> list[Response] | ServerError:
    """Ask one indicator by itself: its silence, or its error, can then be believed.

    Gives the responses, or the letter in which the server says that it cannot run the indicator,
    with one of the `bearable` codes. All other letters are raised.
    """
    try:
        return [ask_grid(client, question, clock)]
    except TooLargeError as letter:
        responses: list[Response] = []
        for half in _smaller(question, letter):
            part = ask_alone(client, half, clock, bearable)
            if isinstance(part, ServerError):
                return part
            responses += part
        return responses
    except ServerError as letter:
        if letter.code in ANY_BREACH:
            return _bearable(letter, question, bearable)
        raise


def ask_all_alone(
    client: Client,
    questions: Iterable[Question],
    clock: Clock = utc_now,
    bearable: Collection[str] = OF_AN_INDICATOR,
) -> list[Response] | ServerError:
    """Ask questions about one indicator, which no other joins; its own error is an answer."""
    responses: list[Response] = []
    for question in questions:
        answer = ask_alone(client, question, clock, bearable)
        if isinstance(answer, ServerError):
            return answer
        responses += answer
    return responses


def _ask_once(client: Client, question: Question, clock: Clock) -> Response:
    """Ask for CSV; where anything but a table comes, only the grid tells why."""
    asked_at = clock()
    answer = client.get_answer("analytics.csv", question.parameters(), accept=CSV)
    if answer.status == HTTPStatus.OK and answer.content_type == CSV:
        try:
            with client.stopwatch.measuring("parse"):
                rows = rows_of_csv(answer.body, question)
        except GridError:
            return ask_grid(client, question, clock)
        return Response(question, "csv", answer, asked_at, rows)
    return ask_grid(client, question, clock)


def ask_grid(client: Client, question: Question, clock: Clock = utc_now) -> Response:
    """Ask in the form that tells errors by their code; raises them as letters."""
    asked_at = clock()
    answer = client.get_answer("analytics.json", question.parameters())
    try:
        raise_for_error(answer)
    except ServerError as letter:
        if letter.code == TOO_SLOW:
            raise TooLargeError(
                letter.what,
                where=letter.where,
                remedy="choose fewer periods or org units in transfer.toml, or let the "
                "administrator raise the database's time limit",
                status=letter.status,
                code=letter.code,
            ) from letter
        raise
    try:
        with client.stopwatch.measuring("parse"):
            rows = rows_of_grid(answer.body, question)
    except GridError as fault:
        raise unusable(answer, f"a table that cannot be read ({fault})") from fault
    return Response(question, "json", answer, asked_at, rows)


def _together(parts: Sequence[Answered]) -> Answered:
    responses = [response for part in parts for response in part.responses]
    return Answered(responses, {name: why for part in parts for name, why in part.unknown.items()})
