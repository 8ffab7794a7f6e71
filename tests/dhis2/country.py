"""The invented country as a server, and a door to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from pipeline.dhis2.access.connections import Connection
from pipeline.dhis2.access.credentials import Credentials
from pipeline.dhis2.http.client import Client
from sandbox.country.build import invent_country
from sandbox.http.server import Sandbox, running
from sandbox.state.identifiers import uid

TODAY = date(2026, 11, 20)
OCTOBER = "202610"
PASSWORD = "district"


@contextmanager
def a_country(generation: str = "2.43") -> Iterator[Sandbox]:
    """Serve a country of its own."""
    with running(invent_country(TODAY), generation) as sandbox:
        yield sandbox


@contextmanager
def door(sandbox: Sandbox, user: str = "tally", largest: int = 2**28) -> Iterator[Client]:
    """Open a client for somebody who takes answers of at most `largest` bytes."""
    connection = Connection(sandbox.url, Credentials(user, PASSWORD), max_answer_bytes=largest)
    with Client(connection) as client:
        yield client


def asked(sandbox: Sandbox, path: str) -> list[str]:
    """List the queries of the requests to a path."""
    return [line.query for line in sandbox.requests if line.path == path]


def root(sandbox: Sandbox) -> str:
    """Give the org unit above all others."""
    return next(
        str(unit["id"])
        for unit in sandbox.world.metadata["organisationUnits"]
        if unit["level"] == 1
    )


__all__ = ["OCTOBER", "TODAY", "a_country", "asked", "door", "root", "uid"]
