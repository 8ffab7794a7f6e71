"""The one door to a DHIS2 server: allow-listed, patient with reads, honest about writes."""

import ipaddress
import logging
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from threading import Lock
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import httpx
import stamina
from isal import isal_zlib

from pipeline import __version__
from pipeline.dhis2.answers import Answer, first_line, judge
from pipeline.dhis2.credentials import Credentials
from pipeline.errors import (
    AnswerLostError,
    AnswerTimeoutError,
    LoginError,
    ServerError,
    TooLargeError,
    UsageError,
)

for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)

Parameters = Sequence[tuple[str, str]]

_OBJECTS = (
    "attributes|categories|categoryCombos|categoryOptionCombos|categoryOptions|dataElements|"
    "dataSets|optionSets|organisationUnitGroups|organisationUnitLevels|organisationUnits|"
    "programIndicatorGroups|programIndicators|programs"
)
_ALLOWED = (
    ("GET", r"(system/)?(ping|info)|me"),
    ("GET", rf"({_OBJECTS})(/[A-Za-z0-9]{{11}})?"),
    ("GET", r"systemSettings(/\w+)?|configuration/\w+"),
    ("GET", r"analytics\.(json|csv)|analytics/dataValueSet\.(json|csv)"),
    ("GET", r"dataValueSets(\.json|\.csv)?|completeDataSetRegistrations|dataApprovals"),
    ("GET", r"lockExceptions|system/task(s|Summaries)/\w+(/\w+)?|jobConfigurations/\w+"),
    ("POST", r"dataValueSets|resourceTables/analytics"),
)
_PATIENT = frozenset({429, 502, 503, 504})
_OVERSIZED = frozenset({413, 414, 431})
_PIECE = 2**20
_LONGEST_WAIT = timedelta(seconds=60)


@dataclass(frozen=True)
class Connection:
    """How a server is reached. `url` may end in `/api`, may have a context path."""

    url: str
    credentials: Credentials
    ca_bundle: str = ""
    allow_insecure: bool = False
    read_timeout: timedelta = timedelta(minutes=5)
    retry_budget: timedelta = timedelta(minutes=2)
    attempts: int = 5
    max_answer_bytes: int = 256 * 2**20

    @property
    def base(self) -> str:
        """Give the address up to and without `/api`; raises `UsageError` for an unusable one."""
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise UsageError(
                "a server's address must begin with https:// and name a host",
                remedy="write for example https://dhis2.example.org/dhis",
            )
        if parts.username or parts.password:
            raise UsageError(
                "a server's address must not hold a username or password",
                where=parts.hostname,
                remedy="put them into the environment, see the README",
            )
        if parts.scheme == "http" and not (self.allow_insecure or _is_loopback(parts.hostname)):
            raise UsageError(
                "plain http would send the password readable over the network",
                where=parts.hostname,
                remedy="use https, or set allow_insecure = true if you are sure",
            )
        port = f":{parts.port}" if parts.port else ""
        path = parts.path.rstrip("/").removesuffix("/api")
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        return f"{parts.scheme}://{host}{port}{path}"


class _Again(Exception):  # noqa: N818  # not an error: a reason to ask again
    """A read that may work in a moment; `wait` is what the server asked for."""

    def __init__(self, letter: ServerError, wait: timedelta | None = None) -> None:
        super().__init__(str(letter))
        self.letter = letter
        self.wait = wait


class Client:
    """Speaks to one server, from several threads if need be. Use it as a context manager."""

    def __init__(
        self, connection: Connection, transport: httpx.BaseTransport | None = None
    ) -> None:
        self.connection = connection
        self._lock = Lock()
        self.requests = 0
        read = connection.read_timeout.total_seconds()
        self._http = httpx.Client(
            base_url=f"{connection.base}/api/",
            headers={
                "X-Requested-With": "XMLHttpRequest",
                "Cache-Control": "no-cache",
                "Accept-Encoding": "gzip",
                "User-Agent": f"tally/{__version__}",
                **_authorization(connection.credentials),
            },
            auth=_basic(connection.credentials),
            timeout=httpx.Timeout(read, connect=10, write=60, pool=read),
            verify=_trust(connection.ca_bundle),
            follow_redirects=False,
            trust_env=False,
            transport=transport,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def get_json(self, path: str, parameters: Parameters = ()) -> Any:  # noqa: ANN401  # JSON
        """Read JSON; whatever else comes is a letter."""
        answer = self.get_answer(path, parameters)
        judge(answer)
        return answer.json()

    def get_answer(
        self, path: str, parameters: Parameters = (), accept: str = "application/json"
    ) -> Answer:
        """Read, patiently, and give what came: the caller judges status and body.

        Raises `LoginError`, `AnswerTimeoutError`, `TooLargeError` or `ServerError`.
        """
        _allow("GET", path)
        budget = self.connection
        try:
            for attempt in stamina.retry_context(
                on=_wait,
                attempts=budget.attempts,
                timeout=budget.retry_budget.total_seconds(),
                wait_initial=0.5,
                wait_max=_LONGEST_WAIT.total_seconds(),
            ):
                with attempt:
                    return self._read(path, parameters, accept)
        except _Again as again:
            raise again.letter from None
        raise AssertionError("unreachable")  # pragma: no cover

    def post_json(
        self,
        path: str,
        body: bytes,
        parameters: Parameters = (),
        content_type: str = "application/json",
    ) -> Answer:
        """Send once. Raises `AnswerLostError` when nobody knows whether it was taken."""
        _allow("POST", path)
        headers = {"Content-Type": content_type, "Accept": "application/json"}
        try:
            request = self._http.build_request(
                "POST", path, params=_query(parameters), content=body, headers=headers
            )
            return self._exchange(request, path)
        except httpx.ConnectError as error:
            raise _unreachable(path, error) from None
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise AnswerLostError(
                f"the connection broke while writing ({type(error).__name__}); "
                "the server may have taken the values or not",
                where=f"/api/{path}",
                remedy="the cells are read back before anything is sent again",
            ) from None

    def _read(self, path: str, parameters: Parameters, accept: str) -> Answer:
        request = self._http.build_request(
            "GET", path, params=_query(parameters), headers={"Accept": accept}
        )
        try:
            answer = self._exchange(request, path)
        except httpx.ReadTimeout:
            raise AnswerTimeoutError(
                f"the server did not answer within {self.connection.read_timeout}",
                where=f"/api/{path}",
                remedy="ask for fewer periods at a time, or raise read_timeout",
            ) from None
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise _Again(_unreachable(path, error)) from None
        return answer

    def _exchange(self, request: httpx.Request, path: str) -> Answer:
        started = time.monotonic()
        with self._lock:
            self.requests += 1
        response = self._http.send(request, stream=True)
        try:
            body = self._body(response, path)
        finally:
            response.close()
        answer = Answer(
            f"/api/{path}",
            response.status_code,
            response.headers.get("content-type", "").split(";")[0].strip().lower(),
            body,
            time.monotonic() - started,
        )
        return _passed(answer, response, request.method)

    def _body(self, response: httpx.Response, path: str) -> bytes:
        pieces: list[bytes] = []
        size = 0
        for piece in _decoded(response):
            size += len(piece)
            if size > self.connection.max_answer_bytes:
                raise TooLargeError(
                    f"the answer is larger than {self.connection.max_answer_bytes // 2**20} MiB",
                    where=f"/api/{path}",
                    remedy="ask for fewer periods at a time, or raise max_answer_mebibytes",
                    status=response.status_code,
                )
            pieces.append(piece)
        return b"".join(pieces)


def _decoded(response: httpx.Response) -> Iterator[bytes]:
    if response.headers.get("content-encoding", "").lower() != "gzip":
        yield from response.iter_raw()
        return
    inflate = isal_zlib.decompressobj(wbits=31)
    try:
        for raw in response.iter_raw():
            rest = raw
            while rest:
                yield inflate.decompress(rest, _PIECE)
                rest = inflate.unconsumed_tail
        yield inflate.flush()
    except isal_zlib.IsalError as error:
        raise httpx.DecodingError("broken gzip") from error
    if not inflate.eof:
        raise httpx.DecodingError("gzip ends in the middle")


def _passed(answer: Answer, response: httpx.Response, method: str) -> Answer:
    """Stop what no caller may see: redirects, refused logins, servers that are busy."""
    if 300 <= answer.status < 400 or answer.status == httpx.codes.UNAUTHORIZED:  # noqa: PLR2004  # HTTP's own
        raise LoginError(
            "the server did not accept the credentials",
            where=f"{answer.path}, status {answer.status}",
            remedy="check the token or the username and password, and that the account is enabled",
            status=answer.status,
        )
    if answer.status in _OVERSIZED:
        raise TooLargeError(
            "the server finds the question too large",
            where=f"{answer.path}, status {answer.status}",
            status=answer.status,
        )
    if answer.status in _PATIENT and method == "GET":
        letter = ServerError(
            "the server is busy or not ready",
            where=f"{answer.path}, status {answer.status}: {first_line(answer.body)}",
            remedy="try again later",
            status=answer.status,
        )
        if answer.status == httpx.codes.GATEWAY_TIMEOUT:
            letter = AnswerTimeoutError(letter.what, where=letter.where, status=answer.status)
        raise _Again(letter, _retry_after(response.headers.get("retry-after")))
    return answer


def _wait(error: Exception) -> bool | timedelta:
    if not isinstance(error, _Again):
        return False
    return True if error.wait is None else min(error.wait, _LONGEST_WAIT)


def _retry_after(written: str | None) -> timedelta | None:
    if not written:
        return None
    if written.strip().isdigit():
        return timedelta(seconds=int(written))
    try:
        return max(parsedate_to_datetime(written) - datetime.now(tz=UTC), timedelta(0))
    except (ValueError, TypeError):
        return None


def _unreachable(path: str, error: Exception) -> ServerError:
    certificate = "CERTIFICATE_VERIFY_FAILED" in str(error) or "certificate" in str(error).lower()
    if certificate:
        return ServerError(
            "the server's certificate is not trusted",
            where=f"/api/{path}",
            remedy="name your certificate authority in ca_bundle; it cannot be switched off",
        )
    return ServerError(
        f"the server cannot be reached, or broke off ({type(error).__name__})",
        where=f"/api/{path}",
        remedy="check the address and the line, then run the same command again",
    )


def _allow(method: str, path: str) -> None:
    if not any(method == m and re.fullmatch(pattern, path) for m, pattern in _ALLOWED):
        raise AssertionError(f"Tally never asks for {method} {path}")


def _query(parameters: Parameters) -> httpx.QueryParams:
    return httpx.QueryParams(list(parameters))


def _authorization(credentials: Credentials) -> dict[str, str]:
    return {"Authorization": f"ApiToken {credentials.token}"} if credentials.token else {}


def _basic(credentials: Credentials) -> httpx.BasicAuth | None:
    if credentials.token:
        return None
    return httpx.BasicAuth(credentials.username, credentials.password)


def _trust(ca_bundle: str) -> Any:  # noqa: ANN401  # an SSL context or True
    if not ca_bundle:
        return True
    import ssl  # noqa: PLC0415  # only where a bundle is named

    try:
        return ssl.create_default_context(cafile=ca_bundle)
    except OSError:
        raise UsageError("the certificate authority file cannot be read", where=ca_bundle) from None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@contextmanager
def connect(connection: Connection) -> Iterator[Client]:
    """Open a client and close it."""
    with Client(connection) as client:
        yield client
