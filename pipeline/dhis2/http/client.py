"""The one door to a DHIS2 server: allow-listed, patient with reads, honest about writes."""

import logging
import os
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Lock
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, urlencode

import httpx

from pipeline import __version__
from pipeline.dhis2.access.connections import Connection
from pipeline.dhis2.access.proxies import unusable_proxy
from pipeline.dhis2.http import letters
from pipeline.dhis2.http.allowed import insist_on_allowed
from pipeline.dhis2.http.answers import RawAnswer, unusable
from pipeline.dhis2.http.receiving import CutShortError, OverflowingError, is_packed, receive
from pipeline.dhis2.http.refusals import (
    BUSY,
    OVERSIZED,
    is_barred,
    letter_for,
    raise_for_error,
)
from pipeline.dhis2.http.retrying import PassingError, asked_to_wait, persist
from pipeline.dhis2.http.sessions import is_session_over, session_over
from pipeline.probes.stopwatch import Stopwatch
from pipeline.text.errors import UsageError

__all__ = ["Client", "Connection", "Parameters", "connect"]

for _name in ("httpx", "httpcore"):  # they write addresses and cookies when asked for details
    logging.getLogger(_name).setLevel(logging.WARNING)

Parameters = Sequence[tuple[str, str]]

MOST_CONNECTIONS = 8
CONNECT_SECONDS = 10
WRITE_SECONDS = 60
SHORTEST_SECRET = 8  # what is shorter is no session's, and may stand in any body
KEPT_HEADERS = ("date", "etag", "location", "retry-after", "www-authenticate")
NOTHING_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
PLAIN_IN_QUERIES = ":;,"  # a question may be long, and these are read as they stand


class Client:
    """Speaks to one server, from several threads if need be. Use it as a context manager."""

    def __init__(
        self,
        connection: Connection,
        transport: httpx.BaseTransport | None = None,
        stopwatch: Stopwatch | None = None,
    ) -> None:
        self.connection = connection
        self.stopwatch = stopwatch or Stopwatch()
        self.requests = 0
        self.sites_below: dict[str, tuple[str, ...]] = {}  # roots that it is too slow to read below
        self._is_new = True
        self._lock = Lock()
        self._secret = connection.credentials.on_the_wire.encode()
        self._http = _opened(connection, transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def get_json(self, path: str, parameters: Parameters = ()) -> Any:  # noqa: ANN401  # JSON has no narrower type
        """Read JSON; whatever else comes is a letter."""
        answer = self.get_answer(path, parameters)
        raise_for_error(answer)
        return answer.json()

    def get_object(self, path: str, parameters: Parameters = ()) -> dict[str, Any]:
        """Read one JSON object; whatever else comes is a letter."""
        answer = self.get_answer(path, parameters)
        raise_for_error(answer)
        body = answer.json()
        if not isinstance(body, dict):
            raise unusable(answer, "JSON of another kind")
        return body

    def get_answer(
        self, path: str, parameters: Parameters = (), accept: str = "application/json"
    ) -> RawAnswer:
        """Read, patiently, and give what came: the caller judges status and body.

        Raises `LoginError`, `TooLargeError`, `AnswerTimeoutError`, or `ServerError` when the
        server stays unreachable or busy.
        """
        insist_on_allowed("GET", path)
        request = self._request("GET", path, parameters, {"Accept": accept})
        budget = self.connection
        with self.stopwatch.measuring("patience"):
            return persist(lambda: self._read(request, path), budget.attempts, budget.retry_budget)

    def post_json(
        self,
        path: str,
        body: bytes,
        parameters: Parameters = (),
        content_type: str = "application/json",
    ) -> RawAnswer:
        """Send once, and give what came: the caller judges status and body; it may be packed.

        Raises `AnswerLostError` when nobody knows whether it was taken, `LoginError` or
        `TooLargeError` when it was refused, `ServerError` when nothing was sent.
        """
        insist_on_allowed("POST", path)
        headers = {"Content-Type": content_type, "Accept": "application/json"}
        if is_packed(body):
            headers["Content-Encoding"] = "gzip"
        request = self._request("POST", path, parameters, headers, body)
        address = self._address(path)
        try:
            answer = self._exchange(request, path)
            if is_session_over(answer):
                self._http.cookies.clear()
                raise letters.lost(address, "the server had ended the session")
        except NOTHING_SENT as fault:
            raise letters.unreachable(address, fault) from fault
        except (httpx.TransportError, CutShortError, OverflowingError) as fault:
            raise letters.lost(
                address, f"no usable answer came ({type(fault).__name__})"
            ) from fault
        if answer.status in BUSY and answer.status != httpx.codes.TOO_MANY_REQUESTS:
            wait = asked_to_wait(answer.headers.get("retry-after", ""), datetime.now(tz=UTC))
            what = f"something before the server answered {answer.status}"
            raise letters.lost(address, what, wait)
        return answer

    def _request(
        self,
        method: str,
        path: str,
        parameters: Parameters,
        headers: dict[str, str],
        body: bytes | None = None,
    ) -> httpx.Request:
        query = urlencode(list(parameters), safe=PLAIN_IN_QUERIES, quote_via=quote)
        url = self._address(path) + (f"?{query}" if query else "")
        return self._http.build_request(method, url, headers=headers, content=body)

    def _address(self, path: str) -> str:
        return f"{self.connection.base}/api/{path}"

    def _read(self, request: httpx.Request, path: str) -> RawAnswer:
        """Ask once; what may pass by itself is raised as a `PassingError`."""
        address = self._address(path)
        try:
            answer = self._exchange(request, path)
            if is_session_over(answer) or self._may_not_be_awake(answer):
                answer = self._exchange(self._logging_in(request), path)
        except httpx.ReadTimeout as fault:
            raise PassingError(letters.late(address, self.connection.read_timeout)) from fault
        except httpx.TransportError as fault:
            letter = letters.unreachable(address, fault)
            raise letter if letters.is_distrust(fault) else PassingError(letter) from fault
        except CutShortError as fault:
            raise PassingError(letters.cut_short(address, fault)) from fault
        except OverflowingError:
            raise letters.overflowing(address, self.connection.max_answer_bytes) from None
        if answer.status in BUSY:
            wait = asked_to_wait(answer.headers.get("retry-after", ""), datetime.now(tz=UTC))
            raise PassingError(letter_for(answer), wait)
        if is_session_over(answer):
            raise session_over(answer)
        if answer.status == httpx.codes.FORBIDDEN and is_barred(answer):
            raise letter_for(answer)
        return answer

    def _may_not_be_awake(self, answer: RawAnswer) -> bool:
        """Whether a failure is the first answer to a token: 2.43.0 fails once for each.

        (docs/dhis2.md, Logging in)
        """
        with self._lock:
            is_first = self._is_new
            self._is_new = False
        is_failure = answer.status == httpx.codes.INTERNAL_SERVER_ERROR
        return is_first and is_failure and bool(self.connection.credentials.token)

    def _logging_in(self, request: httpx.Request) -> httpx.Request:
        """The same question without its session, which is forgotten."""
        self._http.cookies.clear()
        headers = request.headers.copy()
        headers.pop("cookie", None)
        extensions = request.extensions
        return httpx.Request(request.method, request.url, headers=headers, extensions=extensions)

    def _exchange(self, request: httpx.Request, path: str) -> RawAnswer:
        """Send and receive once; refused logins and oversized questions are raised at once."""
        with self._lock:
            self.requests += 1
        started = self.stopwatch.now()
        try:
            response = self._http.send(request, stream=True)
        finally:
            answered = self.stopwatch.note("server", started)
        try:
            encoding = response.headers.get("content-encoding", "")
            most = self.connection.max_answer_bytes
            body = receive(response.iter_raw(), encoding, most)
            if is_packed(body):  # a file that was asked for with compression=gzip
                body = receive([body], "gzip", most)
        finally:
            response.close()
            ended = self.stopwatch.note("network", answered)
        answer = RawAnswer(
            server=self.connection.base,
            path=f"/api/{path}",
            status=response.status_code,
            content_type=response.headers.get("content-type", "").split(";")[0].strip().lower(),
            body=self._without_secrets(body, request),
            seconds=ended - started,
            waited=answered - started,
            headers={name: response.headers.get(name, "") for name in KEPT_HEADERS},
        )
        if answer.is_login_refused or answer.status in OVERSIZED:
            raise letter_for(answer)
        return answer

    def _without_secrets(self, body: bytes, request: httpx.Request) -> bytes:
        """Put stars where a body repeats the login that was sent, as some proxies do."""
        cookies = request.headers.get("cookie", "").split("; ")
        sessions = (cookie.partition("=")[2].encode() for cookie in cookies)
        for secret in (self._secret, *sessions):
            if len(secret) >= SHORTEST_SECRET:
                body = body.replace(secret, b"***")
        return body


@contextmanager
def connect(connection: Connection, stopwatch: Stopwatch | None = None) -> Iterator[Client]:
    """Open a client and close it; the stopwatch notes when it asks and is answered."""
    with Client(connection, stopwatch=stopwatch) as client:
        yield client


def _opened(connection: Connection, transport: httpx.BaseTransport | None) -> httpx.Client:
    """Open the library's client; raises `UsageError` when the environment's proxy is none."""
    read = connection.read_timeout.total_seconds()
    trust = _trust(connection)
    headers = {
        "Authorization": connection.credentials.authorization,
        "X-Requested-With": "XMLHttpRequest",
        "Cache-Control": "no-cache",
        "Accept-Encoding": "gzip",
        "User-Agent": f"tally/{__version__}",
    }
    try:
        return httpx.Client(
            headers=headers,
            timeout=httpx.Timeout(read, connect=CONNECT_SECONDS, write=WRITE_SECONDS),
            limits=httpx.Limits(max_connections=MOST_CONNECTIONS),
            verify=trust,
            follow_redirects=False,
            trust_env=not connection.is_loopback,  # a proxy may lead out, never back to ourselves
            transport=transport,
        )
    except (httpx.InvalidURL, ValueError, ImportError):  # their own words may repeat a password
        raise unusable_proxy(os.environ, _is_address) from None


def _is_address(url: str) -> bool:
    """Whether the library can read an address, as it reads those of proxies."""
    try:
        httpx.URL(url)
    except httpx.InvalidURL:
        return False
    return True


def _trust(connection: Connection) -> ssl.SSLContext | bool:
    """The authorities to trust: those of a file, or the usual ones; none for plain http."""
    if connection.ca_bundle == "" and connection.base.startswith("http://"):
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # reading the usual ones takes a while
    usual = "" if connection.is_loopback else os.environ.get("SSL_CERT_FILE", "")
    bundle = connection.ca_bundle or usual
    try:
        return ssl.create_default_context(cafile=bundle) if bundle else True
    except OSError:  # an SSLError is one
        name = "ca_bundle" if connection.ca_bundle else "SSL_CERT_FILE in the environment"
        raise UsageError(
            "the certificate authority file cannot be read",
            where=bundle,
            remedy=f"{name} names a file of certificates in PEM form",
        ) from None
