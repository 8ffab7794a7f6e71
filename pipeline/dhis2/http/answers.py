"""What a server said, and the letter to write when nobody can read it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from pipeline.dhis2.http.pages import is_login_page, is_page
from pipeline.text.errors import LoginError, ServerError

LONGEST_QUOTE = 200
_TITLE = re.compile(rb"<title[^>]*>([^<]*)", re.IGNORECASE)


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
    def is_redirect(self) -> bool:
        """Whether the server sends the request on, to a login page or elsewhere."""
        return HTTPStatus.MULTIPLE_CHOICES <= self.status < HTTPStatus.BAD_REQUEST

    @property
    def is_login_refused(self) -> bool:
        """Whether nobody was let in: 401, a redirect, a bad token."""
        bad_token = "apitoken" in self.headers.get("www-authenticate", "").lower()
        return (
            self.is_redirect
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


def unusable(answer: RawAnswer, what: str) -> ServerError:
    """The letter for an answer that cannot be used; a login page is called one."""
    quoted = f": {first_line(answer.body)!r}" if answer.body.strip() else ""
    where = f"{answer.server}{answer.path}, status {answer.status}, "
    where += answer.content_type or "no content type"
    if is_page(answer.content_type, answer.body) and is_login_page(answer.body):
        return LoginError(
            f"the server answered with a login page{quoted}",
            where=where,
            remedy="check the address; if the network wants a login, log in there first",
            status=answer.status,
        )
    return ServerError(
        f"the server answered with {what}{quoted}",
        where=where,
        remedy="look whether a proxy or a firewall stands between, then run the same command again",
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
