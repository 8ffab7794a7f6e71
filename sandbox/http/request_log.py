"""The log of the requests that came in, one line each."""

import re
from typing import NamedTuple

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class RequestLine(NamedTuple):
    """One request that came in; `user` is empty when nobody logged in."""

    method: str
    path: str
    query: str
    user: str


class RequestLog:
    """Logs every request, after taking the API version and a trailing slash off its path.

    A line is written before the answer leaves, so whoever has the answer finds the line.
    """

    def __init__(self, app: ASGIApp, requests: list[RequestLine]) -> None:
        self.app = app
        self.requests = requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = re.sub(r"^/api/\d\d(?=/)", "/api", scope["path"])
        scope["path"] = path.rstrip("/") or "/"
        logged = False

        def log() -> None:
            nonlocal logged
            if not logged:
                self.requests.append(request_line(scope))
                logged = True

        async def answer(message: Message) -> None:
            log()
            await send(message)

        try:
            await self.app(scope, receive, answer)
        finally:
            log()


def request_line(scope: Scope) -> RequestLine:
    """What the log keeps of a request."""
    user = scope.get("state", {}).get("user")
    query = scope["query_string"].decode()
    return RequestLine(scope["method"], scope["path"], query, user.username if user else "")
