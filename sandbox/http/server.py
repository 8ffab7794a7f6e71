"""The sandbox on the wire: one Starlette application per world, on loopback only."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.analytics import endpoint as analytics
from sandbox.http import passing
from sandbox.http.authentication import Gate
from sandbox.http.envelopes import RefusalError, html_page, refused, web_message
from sandbox.http.faults import Fault, Faults
from sandbox.metadata import endpoint as metadata
from sandbox.state.generations import GENERATIONS
from sandbox.state.world import World
from sandbox.system import info as system
from sandbox.system import tasks
from sandbox.values import endpoint as data_values

LOOPBACK = "127.0.0.1"


class RequestLine(NamedTuple):
    """One request that came in; `user` is empty when nobody logged in."""

    method: str
    path: str
    query: str
    user: str


@dataclass
class Sandbox:
    """A running sandbox: where it is, what it holds, what it was asked, what shall go wrong."""

    world: World
    generation: str
    url: str = ""
    requests: list[RequestLine] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def posts(self, path: str) -> int:
        """Count the POST requests to paths that start with `path`."""
        return sum(line.method == "POST" and line.path.startswith(path) for line in self.requests)


class Visitors:
    """Write every request down, after taking the API version and a trailing slash off its path.

    It is written down before its answer leaves, so whoever has the answer finds the line.
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
        written = False

        def write_down() -> None:
            nonlocal written
            if not written:
                self.requests.append(line_of(scope))
                written = True

        async def answer(message: Message) -> None:
            write_down()
            await send(message)

        try:
            await self.app(scope, receive, answer)
        finally:
            write_down()


def line_of(scope: Scope) -> RequestLine:
    """Give what is written down of a request."""
    user = scope.get("state", {}).get("user")
    query = scope["query_string"].decode()
    return RequestLine(scope["method"], scope["path"], query, user.username if user else "")


def create_app(world: World, generation: str, sandbox: Sandbox | None = None) -> Starlette:
    """Give the application that serves `world` as a server of `generation` would."""
    sandbox = sandbox or Sandbox(world, generation)
    application = Starlette(
        routes=routes(),
        middleware=[
            Middleware(Visitors, sandbox.requests),
            Middleware(Faults, sandbox.faults),
            Middleware(Gate, GENERATIONS[generation].login_path),
        ],
        exception_handlers={HTTPException: no_handler, RefusalError: on_refusal},
    )
    application.router.redirect_slashes = False
    application.state.world = world
    application.state.generation = generation
    return application


def routes() -> list[Route]:
    """Give every path the sandbox knows."""
    modules = (system, tasks, analytics, data_values, metadata, passing)
    return [route for module in modules for route in module.routes()]


async def no_handler(request: Request, reason: Exception) -> Response:
    """Answer an unknown path with a page and a wrong method with a message."""
    status = reason.status_code if isinstance(reason, HTTPException) else 500
    if status == 405:  # noqa: PLR2004 - HTTP's own number
        if request.method == "OPTIONS":
            return Response(status_code=200)
        return web_message(status, f"Request method '{request.method}' is not supported")
    return html_page(status, f"No static resource {request.url.path.lstrip('/')}.")


async def on_refusal(_request: Request, reason: Exception) -> Response:
    """Answer a refusal with its web message."""
    if not isinstance(reason, RefusalError):
        raise reason
    return refused(reason)


@contextmanager
def running(world: World, generation: str, port: int = 0) -> Iterator[Sandbox]:
    """Serve `world` from a thread of this process; the sandbox is up when the block begins."""
    listener = listen(port)
    sandbox = Sandbox(world, generation, url=f"http://{LOOPBACK}:{listener.getsockname()[1]}")
    server = _server(create_app(world, generation, sandbox))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield sandbox
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def serve(world: World, generation: str, host: str = LOOPBACK, port: int = 8085) -> None:
    """Serve `world` until interrupted; any host but loopback is refused."""
    if host not in (LOOPBACK, "localhost"):
        raise ValueError(f"the sandbox serves {LOOPBACK} only, not {host}")
    with listen(port) as listener:
        _server(create_app(world, generation)).run(sockets=[listener])


def listen(port: int) -> socket.socket:
    """Give a socket that listens on loopback; naming TCP lets answers go out without delay."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((LOOPBACK, port))
    listener.listen()
    return listener


def _server(application: Starlette) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            application,
            loop="asyncio",
            http="h11",
            ws="none",
            lifespan="off",
            log_level="critical",
            timeout_graceful_shutdown=1,
        )
    )
