"""Things that go wrong on the way: a list of functions between the wire and the sandbox."""

import asyncio
import json
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.values.endpoint import unpacked


class Answer(NamedTuple):
    """What goes back over the wire; `cut` bytes of the body, then the connection closes.

    With `reset` nothing goes back: the connection is torn.
    """

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    cut: int | None = None
    reset: bool = False


Ask = Callable[[], Awaitable[Answer]]
Fault = Callable[[Request, Ask], Awaitable[Answer]]


class Faults:
    """Let every fault of the list have its way with a request, the last one outermost."""

    def __init__(self, app: ASGIApp, faults: list[Fault]) -> None:
        self.app = app
        self.faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; without faults nothing is buffered."""
        if scope["type"] != "http" or not self.faults:
            await self.app(scope, receive, send)
            return
        body = await Request(scope, receive).body()
        again = _once_more(body)
        ask: Ask = _asking(self.app, scope, again)
        for fault in list(self.faults):
            ask = _through(fault, Request(scope, again), ask)
        answer = await ask()
        if answer.reset:
            await _tear(receive)
        else:
            await _send(answer, send)


def _once_more(body: bytes) -> Receive:
    """Give a body that was read, as often as somebody reads it."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def _through(fault: Fault, request: Request, ask: Ask) -> Ask:
    async def asked() -> Answer:
        return await fault(request, ask)

    return asked


def _asking(app: ASGIApp, scope: Scope, receive: Receive) -> Ask:
    async def ask() -> Answer:
        starts: list[Message] = []
        body = bytearray()

        async def keep(message: Message) -> None:
            if message["type"] == "http.response.start":
                starts.append(message)
            else:
                body.extend(message.get("body", b""))

        await app(scope, receive, keep)
        return Answer(starts[0]["status"], list(starts[0]["headers"]), bytes(body))

    return ask


async def _send(answer: Answer, send: Send) -> None:
    length = (b"content-length", str(len(answer.body)).encode())
    headers = [pair for pair in answer.headers if pair[0].lower() != b"content-length"]
    await send(
        {
            "type": "http.response.start",
            "status": answer.status,
            "headers": [*headers, length],
        }
    )
    whole = answer.cut is None
    body = answer.body if whole else answer.body[: answer.cut]
    await send({"type": "http.response.body", "body": body, "more_body": not whole})
    if not whole:
        raise ConnectionAbortedError


async def _tear(receive: Receive) -> None:
    """Close the connection so that the other side is told of a reset, not of an end.

    ASGI has no word for it, so the server's own transport is asked, which `receive` belongs to.
    """
    transport: asyncio.Transport = getattr(receive, "__self__", None).transport  # type: ignore[union-attr]  # uvicorn's
    at_once = struct.pack("ii", 1, 0)
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
    transport.abort()
    await asyncio.sleep(0.01)  # until the server knows that nobody listens any more


def answer_of(response: Response) -> Answer:
    """Give a response in the shape faults hand on."""
    return Answer(response.status_code, list(response.raw_headers), bytes(response.body))


def first(times: int, path: str, fault: Fault, method: str = "") -> Fault:
    """Give a fault that strikes the first `times` requests whose path starts with `path`."""
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
    """Give a fault that answers without asking the sandbox."""

    async def strike(_request: Request, _ask: Ask) -> Answer:
        return answer_of(response)

    return strike


def afterwards(change: Callable[[Answer], Answer]) -> Fault:
    """Give a fault that lets the sandbox act, then alters what it said."""

    async def strike(_request: Request, ask: Ask) -> Answer:
        return change(await ask())

    return strike


def unavailable(retry_after: str = "0") -> Fault:
    """Give a fault that says 503 and when to come back."""
    return instead(Response("busy", 503, headers={"Retry-After": retry_after}))


def too_many(retry_after: str = "0") -> Fault:
    """Give a fault that says 429 and when to come back."""
    return instead(Response("too many requests", 429, headers={"Retry-After": retry_after}))


def html_instead() -> Fault:
    """Give a fault that shows a proxy's page with status 200."""
    page = "<html><body>Please wait</body></html>"
    return instead(Response(page, 200, media_type="text/html"))


def cut_after(count: int) -> Fault:
    """Give a fault that lets the sandbox act and cuts its answer after `count` bytes."""
    return afterwards(lambda answer: answer._replace(cut=count))


def lying(change: Callable[[Any], Any]) -> Fault:
    """Give a fault that lets the sandbox act and alters the JSON it answers."""

    def alter(answer: Answer) -> Answer:
        return answer._replace(body=json.dumps(change(json.loads(answer.body))).encode())

    return afterwards(alter)


def answer_lost(status: int = 502) -> Fault:
    """Give a fault that lets the sandbox act and hides its answer behind a proxy's error."""
    return afterwards(lambda _answer: Answer(status, [(b"content-type", b"text/html")], b"lost"))


def full_above(rows: int) -> Fault:
    """Give a fault: a request with more values than this is too large for something on the way."""

    async def strike(request: Request, ask: Ask) -> Answer:
        if len(values_of(await request.body())) <= rows:
            return await ask()
        return answer_of(Response("too large", 413, media_type="text/plain"))

    return strike


def refusing(is_guilty: Callable[[Any], bool], status: int, summary: Mapping[str, Any]) -> Fault:
    """Give a fault: a request that holds a guilty value is refused as a whole, and none is named.

    `is_guilty` is asked for each value as it was sent; `summary` is what the server says.
    """
    body = json.dumps({"response": summary}).encode()

    async def strike(request: Request, ask: Ask) -> Answer:
        if not any(map(is_guilty, values_of(await request.body()))):
            return await ask()
        return Answer(status, [(b"content-type", b"application/json")], body)

    return strike


def values_of(body: bytes) -> list[Any]:
    """Give the values of a request's body."""
    return list(json.loads(unpacked(body) or b"{}").get("dataValues", []))


def torn() -> Fault:
    """Give a fault that lets the sandbox act and tears the connection before it answers."""
    return afterwards(lambda answer: answer._replace(reset=True))
