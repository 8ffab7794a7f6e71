"""What a server said, and what to make of it when it is not what was asked for."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from pipeline.errors import ServerError, TooLargeError


@dataclass(frozen=True)
class Answer:
    """What a server said: `body` is decoded, `seconds` the whole exchange."""

    path: str
    status: int
    content_type: str
    body: bytes = field(repr=False)
    seconds: float = 0.0

    @property
    def is_json(self) -> bool:
        """Tell whether the server says it is JSON."""
        return self.content_type == "application/json"

    def json(self) -> Any:  # noqa: ANN401  # JSON has no narrower type
        """Parse the body; raises `ServerError` when it is not whole JSON."""
        if not self.is_json:
            raise unusable(self, "something that is not JSON")
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise unusable(self, "JSON that is cut or broken") from None


def judge(answer: Answer) -> None:
    """Raise a letter for every answer that is not a success."""
    if answer.status < HTTPStatus.BAD_REQUEST:
        return
    told: Mapping[str, Any] = {}
    if answer.is_json:
        try:
            parsed = json.loads(answer.body)
            told = parsed if isinstance(parsed, dict) else {}
        except ValueError:
            told = {}
    code = str(told.get("errorCode") or "")
    said = clean(str(told.get("message") or first_line(answer.body)))
    where = f"{answer.path}, status {answer.status}"
    if answer.status == HTTPStatus.FORBIDDEN:
        raise ServerError(
            f"the account may not do this: {said}",
            where=where,
            remedy="ask the server's administrator for the authority that is named",
            status=answer.status,
            code=code,
        )
    kind = TooLargeError if code == "E7128" else ServerError
    raise kind(
        f"the server refused: {said}" + (f" ({code})" if code else ""),
        where=where,
        remedy="see what the server says; `tally verify` may tell more",
        status=answer.status,
        code=code,
    )


def unusable(answer: Answer, what: str) -> ServerError:
    """Write the letter for an answer that cannot be used."""
    return ServerError(
        f"the server answered with {what}: {first_line(answer.body)!r}",
        where=f"{answer.path}, status {answer.status}, {answer.content_type or 'no content type'}",
        remedy="look whether a proxy or login page stands between; try again later",
        status=answer.status,
    )


def first_line(body: bytes) -> str:
    """Give the first line of a body, short and printable."""
    for line in body[:4096].decode("utf-8", "replace").splitlines():
        if line.strip():
            return clean(line)
    return "nothing"


def clean(text: str) -> str:
    """Keep what can be printed, at most 200 letters of it."""
    return "".join(letter if letter.isprintable() else " " for letter in text).strip()[:200]
