"""How a server is reached: an address that is safe to send a password to, and how long to try."""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from urllib.parse import SplitResult, urlsplit

from pipeline.config.sections import Server
from pipeline.dhis2.access.credentials import Credentials, find_credentials
from pipeline.text.errors import UsageError

EXAMPLE = "write for example https://dhis2.example.org/dhis"
_HOST = re.compile(r"[\w.:-]+")
_PATH = re.compile(r"[\w./~-]*")
_API = re.compile(r"/api(/\d\d)?/*$")


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

    @cached_property
    def base(self) -> str:
        """The address up to and without `/api`; raises `UsageError` for an unusable one."""
        parts = _parted(self.url)
        if parts.scheme == "http" and not (self.allow_insecure or self.is_loopback):
            raise UsageError(
                "plain http would send the password readable over the network",
                where=parts.hostname or "",
                remedy="use https, or set allow_insecure = true if you are sure",
            )
        return f"{parts.scheme}://{parts.netloc.lower()}{_API.sub('', parts.path).rstrip('/')}"

    @cached_property
    def is_loopback(self) -> bool:
        """Whether the server runs on this very machine."""
        host = _parted(self.url).hostname or ""
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host == "localhost"


def find_connection(side: str, server: Server, environment: Mapping[str, str]) -> Connection:
    """The connection of the `source` or `target`: configured address, found credentials.

    Raises `UsageError` when there is no address, or when the credentials are for another one.
    """
    credentials = find_credentials(side, environment, server.profile)
    connection = Connection(
        url=server.url or credentials.url,
        credentials=credentials,
        ca_bundle=server.ca_bundle,
        allow_insecure=server.allow_insecure,
        read_timeout=server.read_timeout,
        retry_budget=server.retry_budget,
        max_answer_bytes=server.max_answer_mebibytes * 2**20,
    )
    if not connection.url:
        raise UsageError(
            f"there is no address for the {side} server",
            remedy=f"set TALLY_{side.upper()}_URL, or `url` under [{side}] in transfer.toml",
        )
    own = Connection(credentials.url or connection.url, credentials, allow_insecure=True)
    if own.base != connection.base:
        raise UsageError(
            f"the credentials of the {side} are for another address than transfer.toml names",
            where=f"{own.base} and {connection.base}",
            remedy=f"make both the same, or set TALLY_{side.upper()}_PAT for this transfer",
        )
    return connection


def _parted(url: str) -> SplitResult:
    """Take an address apart; one that cannot be used is not repeated, it may hold a password."""
    if "@" in url:
        raise UsageError(
            "a server's address must not hold a username or password",
            remedy="put them into the environment, see the README",
        )
    try:
        parts = urlsplit(url.strip())
        _ = parts.port  # raises when it is no number
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(parts.hostname or ""):
        raise UsageError(
            "a server's address must begin with https:// and name a host", remedy=EXAMPLE
        )
    if parts.query or parts.fragment or not _PATH.fullmatch(parts.path):
        raise UsageError(
            "a server's address ends with its path, without ? or #",
            where=parts.hostname or "",
            remedy=EXAMPLE,
        )
    return parts
