"""The sandbox on the wire: one uvicorn server per world, on loopback only."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import uvicorn
from starlette.applications import Starlette

from sandbox.http.application import create_app
from sandbox.http.faults import Fault
from sandbox.http.request_log import RequestLine
from sandbox.state.world import World

LOOPBACK = "127.0.0.1"


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


@contextmanager
def running(world: World, generation: str, port: int = 0) -> Iterator[Sandbox]:
    """Serve `world` from a thread of this process; the sandbox is up when the block begins."""
    listener = listen(port)
    sandbox = Sandbox(world, generation, url=f"http://{LOOPBACK}:{listener.getsockname()[1]}")
    server = _server(create_app(world, generation, sandbox.requests, sandbox.faults))
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
        _server(create_app(world, generation, [], [])).run(sockets=[listener])


def listen(port: int) -> socket.socket:
    """A socket that listens on loopback; naming TCP lets answers go out without delay."""
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
