"""Makers of faults: what a proxy, a network or a confused server does to an answer."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from sandbox.http.faults import Answer, Ask, Fault
from sandbox.messages.request import decompressed


def answer_of(response: Response) -> Answer:
    """A response in the shape faults hand on."""
    return Answer(response.status_code, list(response.raw_headers), bytes(response.body))


def first(times: int, path: str, fault: Fault, method: str = "") -> Fault:
    """A fault that strikes the first `times` requests whose path starts with `path`."""
    left = times

    async def strike(request: Request, ask: Ask) -> Answer:
        nonlocal left
        meant = request.url.path.startswith(path) and method in ("", request.method)
        if not meant or left <= 0:
            return await ask()
        left -= 1
        return await fault(request, ask)

    return strike


def instead(response: Response) -> Fault:
    """A fault that answers without asking the sandbox."""

    async def strike(_request: Request, _ask: Ask) -> Answer:
        return answer_of(response)

    return strike


def afterwards(change: Callable[[Answer], Answer]) -> Fault:
    """A fault that lets the sandbox act, then alters what it said."""

    async def strike(_request: Request, ask: Ask) -> Answer:
        return change(await ask())

    return strike


def unavailable(retry_after: str = "0") -> Fault:
    """A fault that says 503 and when to come back."""
    return instead(Response("busy", 503, headers={"Retry-After": retry_after}))


def too_many(retry_after: str = "0") -> Fault:
    """A fault that says 429 and when to come back."""
    return instead(Response("too many requests", 429, headers={"Retry-After": retry_after}))


def html_instead() -> Fault:
    """A fault that shows a proxy's page with status 200."""
    page = "<html><body>Please wait</body></html>"
    return instead(Response(page, 200, media_type="text/html"))


def cut_after(count: int) -> Fault:
    """A fault that lets the sandbox act and cuts its answer after `count` bytes."""
    return afterwards(lambda answer: answer._replace(cut=count))


def lying(change: Callable[[Any], Any]) -> Fault:
    """A fault that lets the sandbox act and alters the JSON it answers."""

    def alter(answer: Answer) -> Answer:
        return answer._replace(body=json.dumps(change(json.loads(answer.body))).encode())

    return afterwards(alter)


def answer_lost(status: int = 502) -> Fault:
    """A fault that lets the sandbox act and hides its answer behind a proxy's error."""
    return afterwards(lambda _answer: Answer(status, [(b"content-type", b"text/html")], b"lost"))


def full_above(rows: int) -> Fault:
    """A fault: a request with more values than this is too large for something on the way."""

    async def strike(request: Request, ask: Ask) -> Answer:
        if len(values_of(await request.body())) <= rows:
            return await ask()
        return answer_of(Response("too large", 413, media_type="text/plain"))

    return strike


def refusing(is_guilty: Callable[[Any], bool], status: int, summary: Mapping[str, Any]) -> Fault:
    """A fault: a request that holds a guilty value is refused as a whole, and none is named.

    `is_guilty` is asked for each value as it was sent; `summary` is what the server says.
    """
    body = json.dumps({"response": summary}).encode()

    async def strike(request: Request, ask: Ask) -> Answer:
        if not any(map(is_guilty, values_of(await request.body()))):
            return await ask()
        return Answer(status, [(b"content-type", b"application/json")], body)

    return strike


def values_of(body: bytes) -> list[Any]:
    """The values of a request's body."""
    return list(json.loads(decompressed(body) or b"{}").get("dataValues", []))


def torn() -> Fault:
    """A fault that lets the sandbox act and tears the connection before it answers."""
    return afterwards(lambda answer: answer._replace(reset=True))
