"""A pretend server one level below HTTP: it says the bytes it was given, or nothing at all."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

TLS = Path(__file__).with_name("tls")
STALL = b"STALL"


@dataclass
class Wire:
    """Where the pretend server listens, and the requests it was sent."""

    port: int
    heard: list[bytes] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def saying(*scripts: bytes, certificate: str = "") -> Iterator[Wire]:
    """Answer each connection with the next script, then close it; `STALL` says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        wire = Wire(listener.getsockname()[1])
        context = _context(certificate)
        thread = threading.Thread(target=_serve, args=(listener, wire, list(scripts), context))
        thread.start()
        try:
            yield wire
        finally:
            wire.over.set()
            thread.join()


def _context(certificate: str) -> ssl.SSLContext | None:
    if not certificate:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / certificate)
    return context


def _serve(
    listener: socket.socket, wire: Wire, scripts: list[bytes], context: ssl.SSLContext | None
) -> None:
    while scripts and not wire.over.is_set():
        try:
            caller, _ = listener.accept()
        except TimeoutError:
            continue
        caller.settimeout(5)
        try:
            with context.wrap_socket(caller, server_side=True) if context else caller as line:
                _answer(line, wire, scripts.pop(0))
        except OSError:  # the client hung up first, as some of these tests want it to
            continue


def _answer(line: socket.socket, wire: Wire, script: bytes) -> None:
    heard = b""
    while b"\r\n\r\n" not in heard:
        heard += line.recv(65536)
    wire.heard.append(heard)
    if script == STALL:
        wire.over.wait(5)
    else:
        line.sendall(script)


def http(body: bytes, *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    """Write an answer as HTTP has it; `length` may be a lie."""
    told = len(body) if length is None else length
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {told}", "Connection: close", *headers]
    if not any(line.lower().startswith("content-type") for line in lines):
        lines.append("Content-Type: application/json")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
