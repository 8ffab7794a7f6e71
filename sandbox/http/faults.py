"""Faults on purpose: a list of functions between the wire and the sandbox."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Answer(NamedTuple):
    """What goes back over the wire.

    With `cut`, only so many bytes of the body go out, then the connection closes. With `reset`
    nothing goes back: the connection is reset.
    """

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    cut: int | None = None
    reset: bool = False


Ask = Callable[[], Awaitable[Answer]]
Fault = Callable[[Request, Ask], Awaitable[Answer]]


class FaultMiddleware:
    """Passes every request through the faults of a list, the last one outermost."""

    def __init__(self, app: ASGIApp, faults: list[Fault]) -> None:
        self.app = app
        self.faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; without faults nothing is buffered."""
        if scope["type"] != "http" or not self.faults:
            await self.app(scope, receive, send)
            return
        body = await Request(scope, receive).body()
        replay = _replayed(body)
        ask: Ask = _call_app(self.app, scope, replay)
        for fault in list(self.faults):
            ask = _wrapped(fault, Request(scope, replay), ask)
        answer = await ask()
        if answer.reset:
            await _reset(receive)
        else:
            await _send(answer, send)


def _replayed(body: bytes) -> Receive:
    """A body that was read, as often as somebody reads it."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def _wrapped(fault: Fault, request: Request, ask: Ask) -> Ask:
    async def call() -> Answer:
        return await fault(request, ask)

    return call


def _call_app(app: ASGIApp, scope: Scope, receive: Receive) -> Ask:
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


async def _reset(receive: Receive) -> None:
    """Close the connection so that the other side sees a reset, not an end.

    ASGI has no word for it, so the server's own transport is asked, which `receive` belongs to.
    """
    transport: asyncio.Transport = getattr(receive, "__self__", None).transport  # type: ignore[union-attr]  # uvicorn's
    at_once = struct.pack("ii", 1, 0)
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
    transport.abort()
    await asyncio.sleep(0.01)  # until the server knows that nobody listens any more
