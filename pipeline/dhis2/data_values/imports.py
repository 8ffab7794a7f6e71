"""Send a target what a plan says; what it answers is kept and shown, and proves nothing."""

import gzip
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from pipeline.dhis2.http.answers import RawAnswer, clean, first_line
from pipeline.dhis2.http.client import Client
from pipeline.dhis2.http.receiving import is_packed
from pipeline.dhis2.http.refusals import is_barred, letter_for
from pipeline.dhis2.http.retrying import asked_to_wait
from pipeline.load.rules.complaints import ImportConflict
from pipeline.load.rules.judging import Ending, Reply
from pipeline.text.errors import AnswerLostError, LoginError, ServerError, TooLargeError
from schemas.server import SystemInfo

DENIED = frozenset({403, 404, 405, 415})
_ENDINGS: dict[str, Ending] = {"LOST": "lost", "BUSY": "busy", "TOO_LARGE": "too_large"}
_COUNTED = {"importCount", "conflicts"}


@dataclass(frozen=True)
class ImportSummary:
    """What a server says it did with a request. It is kept and shown; it proves nothing.

    `status` is DHIS2's word, UNREADABLE when what came was no summary, LOST when nobody knows
    whether the request was taken, BUSY or TOO_LARGE when it was not. `rejected_indexes` and the
    indexes of complaints count the values of the request from 0. `wait_seconds`: how long the
    server asked to be left alone, if it did.
    """

    http_status: int
    status: str
    message: str
    imported: int = 0
    updated: int = 0
    ignored: int = 0
    deleted: int = 0
    complaints: tuple[ImportConflict, ...] = ()
    rejected_indexes: tuple[int, ...] = ()
    error_code: str = ""
    wait_seconds: float | None = None

    @property
    def reply(self) -> Reply:
        """What an outcome is judged by."""
        denied = self.http_status in DENIED
        ended = _ENDINGS.get(self.status, "denied" if denied else "answered")
        said = f"the server answered {self.status} ({self.http_status}): {self.message}"
        return Reply(ended, self.complaints, None if self.status == "SUCCESS" else said)

    def as_record(self) -> dict[str, Any]:
        """The summary as JSON keeps it."""
        return {**vars(self), "complaints": [one._asdict() for one in self.complaints]}


def post(client: Client, body: bytes, info: SystemInfo, *, dry_run: bool = False) -> ImportSummary:
    """Send values of one data set, once. What the server says is read, not believed.

    `body` may be packed; where something on the way takes no packed bodies, it goes as it is.
    Raises `LoginError` when the login is refused.
    """
    parameters = [("importStrategy", "CREATE_AND_UPDATE"), ("async", "false")]
    if not info.is_new_engine:
        parameters.append(("preheatCache", "true"))
    if dry_run:
        parameters.append(("dryRun", "true"))
    try:
        answer = client.post_json("dataValueSets", body, parameters)
        if answer.status == HTTPStatus.UNSUPPORTED_MEDIA_TYPE and is_packed(body):
            answer = client.post_json("dataValueSets", gzip.decompress(body), parameters)
    except AnswerLostError as letter:
        wait = letter.wait.total_seconds() if letter.wait else None
        return ImportSummary(letter.status, "LOST", letter.what, wait_seconds=wait)
    except TooLargeError as letter:
        return ImportSummary(letter.status, "TOO_LARGE", letter.what)
    except LoginError:
        raise
    except ServerError as letter:  # nothing was sent
        return ImportSummary(letter.status, "BUSY", letter.what)
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        asked = asked_to_wait(answer.headers.get("retry-after", ""), datetime.now(tz=UTC))
        wait = asked.total_seconds() if asked else None
        return ImportSummary(answer.status, "BUSY", first_line(answer.body), wait_seconds=wait)
    return summary_of(answer)


def summary_of(answer: RawAnswer) -> ImportSummary:
    """Read the summary out of an answer of either generation, with or without its envelope."""
    try:
        body = answer.json()
    except ServerError:
        body = None
    if not isinstance(body, dict) or is_barred(answer):
        said = letter_for(answer).what if is_barred(answer) else first_line(answer.body)
        return ImportSummary(answer.status, "UNREADABLE", said)
    inner = next(
        (
            one
            for one in (body.get("response"), body)
            if isinstance(one, dict) and _COUNTED & {*one}
        ),
        {},
    )
    counts = inner.get("importCount") or {}
    return ImportSummary(
        http_status=answer.status,
        status=str(inner.get("status") or body.get("status") or "UNREADABLE"),
        message=clean(str(inner.get("description") or body.get("message") or "")),
        imported=int(counts.get("imported") or 0),
        updated=int(counts.get("updated") or 0),
        ignored=int(counts.get("ignored") or 0),
        deleted=int(counts.get("deleted") or 0),
        complaints=tuple(_complaint(one) for one in inner.get("conflicts") or ()),
        rejected_indexes=tuple(int(index) for index in inner.get("rejectedIndexes") or ()),
        error_code=clean(str(body.get("errorCode") or "")),
    )


def _complaint(conflict: dict[str, Any]) -> ImportConflict:
    objects = conflict.get("objects") or {}
    return ImportConflict(
        code=str(conflict.get("errorCode") or ""),
        message=clean(str(conflict.get("value") or "")),
        indexes=tuple(int(index) for index in conflict.get("indexes") or ()),
        arguments=str(objects.get("args") or ""),
    )
