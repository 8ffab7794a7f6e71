"""Ask a server's analytics: as CSV first, as a grid where that fails, in halves where it must."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

import polars as pl

from pipeline.dhis2.answers import Answer, judge, unusable
from pipeline.dhis2.client import Client
from pipeline.errors import AnswerTimeoutError, ServerError, TooLargeError
from pipeline.transform.grids import GridError, rows_of_csv, rows_of_grid
from pipeline.transform.questions import Question, split

DEFAULT_ROW_LIMIT = 100_000
CSV = "application/csv"
_TOO_MANY_ROWS = "E7128"


@dataclass(frozen=True)
class Response:
    """One answered question: what was said byte for byte, and the rows read out of it."""

    question: Question
    kind: Literal["csv", "json"]
    answer: Answer
    asked_at: datetime
    rows: pl.DataFrame = field(repr=False)


def row_limit(client: Client) -> int:
    """Read how many rows the server gives in one answer; 0 means any number."""
    told = client.get_json("systemSettings", [("key", "keyAnalyticsMaxLimit")])
    written = told.get("keyAnalyticsMaxLimit", DEFAULT_ROW_LIMIT)
    return int(written)


def ask(client: Client, question: Question) -> list[Response]:
    """Ask until every part of the question is answered.

    Raises a letter when a part cannot be answered: what was asked is then not known at all.
    """
    try:
        return [_ask_once(client, question)]
    except (TooLargeError, AnswerTimeoutError):
        return [response for part in split(question) for response in ask(client, part)]


def _ask_once(client: Client, question: Question) -> Response:
    asked_at = datetime.now(tz=UTC)
    answer = client.get_answer("analytics.csv", question.parameters(), accept=CSV)
    if answer.status == 200 and answer.content_type == CSV:  # noqa: PLR2004  # HTTP's own
        try:
            rows = rows_of_csv(answer.body, question)
        except GridError as fault:
            raise unusable(answer, f"a table that cannot be read ({fault})") from fault
        return Response(question, "csv", answer, asked_at, rows)
    if _TOO_MANY_ROWS.encode() in answer.body[:200]:
        raise TooLargeError("more rows than the server gives", where=answer.path)
    return ask_grid(client, question)


def ask_grid(client: Client, question: Question) -> Response:
    """Ask in the form that tells errors by their code."""
    asked_at = datetime.now(tz=UTC)
    answer = client.get_answer("analytics.json", question.parameters())
    judge(answer)
    try:
        rows = rows_of_grid(answer.body, question)
    except GridError as fault:
        raise unusable(answer, f"a grid that cannot be read ({fault})") from fault
    return Response(question, "json", answer, asked_at, rows)


def ask_alone(client: Client, question: Question) -> list[Response] | ServerError:
    """Ask one indicator by itself: its silence, or its error, can then be believed.

    Gives the responses, or the letter in which the server says that it cannot run the indicator.
    Letters about the connection or the login are raised.
    """
    try:
        return [ask_grid(client, question)]
    except (TooLargeError, AnswerTimeoutError):
        parts = []
        for half in split(question):
            told = ask_alone(client, half)
            if isinstance(told, ServerError):
                return told
            parts += told
        return parts
    except ServerError as letter:
        if letter.code:
            return letter
        raise
