"""What a server said, and the letter to write when it is not what was asked for."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from pipeline.text.errors import (
    AnswerTimeoutError,
    LoginError,
    RightsError,
    ServerError,
    TooLargeError,
)

BUSY = frozenset({429, 502, 503, 504})
OVERSIZED = frozenset({413, 414, 431})
TOO_MANY_ROWS = "E7128"
LONGEST_QUOTE = 200
_TITLE = re.compile(rb"<title[^>]*>([^<]*)", re.IGNORECASE)
_AUTHORITY = re.compile(r"requires one Authority from \[([\w, ]+)\]")

ErrorMeaning = tuple[type[ServerError], str, str]
_TOO_LARGE: ErrorMeaning = (
    TooLargeError,
    "the question is too large for the server",
    "choose fewer periods or org units in transfer.toml",
)
_TOO_SLOW: ErrorMeaning = (
    AnswerTimeoutError,
    "the server took too long",
    "run the same command again later, or choose fewer periods in transfer.toml",
)
_FAILED: ErrorMeaning = (
    ServerError,
    "the server failed",
    "run the same command again later; the server's own log says what failed",
)
_REFUSED: ErrorMeaning = (
    ServerError,
    "the server refused",
    "do what the server says; `tally verify NAME` tells more",
)
_UNKNOWN: ErrorMeaning = (
    ServerError,
    "the server does not know this",
    "check the address and the ids",
)
_IS_BUSY: ErrorMeaning = (
    ServerError,
    "the server is busy or not ready",
    "run the same command again later",
)
_MEANINGS = (
    dict.fromkeys(BUSY, _IS_BUSY)
    | dict.fromkeys(OVERSIZED, _TOO_LARGE)
    | {404: _UNKNOWN, 408: _TOO_SLOW, 504: _TOO_SLOW}
)


@dataclass(frozen=True)
class RawAnswer:
    """What a server said: `body` is decoded, `seconds` the whole exchange.

    `waited` are the seconds of it before the first byte of the answer came.
    `path` begins with /api and holds no parameters, `server` is the address before it; `headers`
    are only a few, in lower case.
    """

    path: str
    status: int
    content_type: str
    body: bytes = field(repr=False)
    seconds: float = 0.0
    waited: float = 0.0
    headers: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    server: str = ""

    @property
    def is_json(self) -> bool:
        """Whether the server says it is JSON."""
        return self.content_type == "application/json" or self.content_type.endswith("+json")

    @property
    def is_success(self) -> bool:
        """Whether the status is one of success."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def is_login_refused(self) -> bool:
        """Whether the server wants other credentials: 401, a login page, a bad token."""
        bad_token = "apitoken" in self.headers.get("www-authenticate", "").lower()
        return (
            HTTPStatus.MULTIPLE_CHOICES <= self.status < HTTPStatus.BAD_REQUEST
            or self.status == HTTPStatus.UNAUTHORIZED
            or (self.status == HTTPStatus.BAD_REQUEST and bad_token)
        )

    def json(self) -> Any:  # noqa: ANN401  # JSON has no narrower type
        """Parse the body; raises `ServerError` when it is not whole JSON."""
        if not self.body.strip():
            raise unusable(self, "nothing at all")
        if not self.is_json:
            raise unusable(self, "something that is not JSON")
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise unusable(self, "JSON that is cut or broken") from None


def raise_for_error(answer: RawAnswer) -> None:
    """Raise a letter for every answer that is not a success."""
    if not answer.is_success:
        raise letter_for(answer)


def letter_for(answer: RawAnswer) -> ServerError:
    """Write the letter for an answer that is not a success; `code` is DHIS2's own, if any."""
    code, said = _said(answer)
    kind, what, remedy = _meaning(answer, code, said)
    return kind(
        what + (f": {said}" if said else "") + (f" ({code})" if code else ""),
        where=f"{answer.server}{answer.path}, status {answer.status}",
        remedy=remedy,
        status=answer.status,
        code=code,
    )


def _meaning(answer: RawAnswer, code: str, said: str) -> ErrorMeaning:
    """What an answer means: the kind of letter, how it begins, the remedy."""
    if answer.is_login_refused:
        is_redirect = answer.status < HTTPStatus.BAD_REQUEST
        what = "the server wants a login page" if is_redirect else "the login is refused"
        return LoginError, what, "check the token, or the username and password, and the address"
    if code == TOO_MANY_ROWS:
        return _TOO_LARGE
    if answer.status == HTTPStatus.FORBIDDEN:
        named = _AUTHORITY.search(said)
        needed = f"the authority {named[1]}" if named else "the authority or sharing it needs"
        return RightsError, "the account may not do this", f"give this account {needed}"
    is_failure = answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return _MEANINGS.get(answer.status, _FAILED if is_failure else _REFUSED)


def _said(answer: RawAnswer) -> tuple[str, str]:
    """DHIS2's error code and message, or the first line of whatever came instead."""
    body: object = None
    if answer.is_json:
        try:
            body = json.loads(answer.body)
        except (ValueError, RecursionError):
            body = None
    if not isinstance(body, dict):
        return "", first_line(answer.body) if answer.body.strip() else ""
    return clean(str(body.get("errorCode") or "")), clean(str(body.get("message") or ""))


def unusable(answer: RawAnswer, what: str) -> ServerError:
    """Write the letter for an answer that cannot be used."""
    quoted = f": {first_line(answer.body)!r}" if answer.body.strip() else ""
    kind = answer.content_type or "no content type"
    return ServerError(
        f"the server answered with {what}{quoted}",
        where=f"{answer.server}{answer.path}, status {answer.status}, {kind}",
        remedy="look whether a proxy or a login page stands between, then run the same command "
        "again",
        status=answer.status,
    )


def first_line(body: bytes) -> str:
    """The first line of a body, short and printable; of a web page, its title."""
    start = body[:4096]
    if title := _TITLE.search(start):
        return clean(title[1].decode("utf-8", "replace"))
    for line in start.decode("utf-8", "replace").splitlines():
        if line.strip():
            return clean(line)
    return "nothing"


def clean(text: str) -> str:
    """Keep what can be printed, at most 200 letters of it."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return printable.strip()[:LONGEST_QUOTE]
