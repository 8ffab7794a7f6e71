"""How a server is reached: an address that is safe to send a password to, and how long to try."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from pipeline.config.sections import Server
from pipeline.dhis2.access import addresses
from pipeline.dhis2.access.credentials import Credentials, find_credentials
from pipeline.text.errors import UsageError


@dataclass(frozen=True)
class Connection:
    """How a server is reached. `url` may be the address of any page of it."""

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
        base = addresses.base_of(self.url)
        if base.startswith("http://") and not (self.allow_insecure or self.is_loopback):
            raise UsageError(
                "plain http would send the password readable over the network",
                where=addresses.host_of(self.url),
                remedy="use https, or set allow_insecure = true if you are sure",
            )
        return base

    @cached_property
    def is_loopback(self) -> bool:
        """Whether the server runs on this very machine."""
        return addresses.is_loopback(self.url)


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
