"""A server that answers by a script, and a client that asks it."""

from typing import NamedTuple

import httpx
import pytest

from pipeline.dhis2.access.credentials import Credentials
from pipeline.dhis2.http.client import Client, Connection
from pipeline.text.errors import (
    ServerError,
)

TOKEN = "d2p_CanaryCanaryCanaryCanaryCanaryCanaryCanary1234567"
SERVER = "https://dhis2.example/dhis"


class Said(NamedTuple):
    """What a pretend server says."""

    status: int
    body: str
    headers: dict[str, str]


class Script:
    """A pretend server: gives its answers one after another, the last one for ever."""

    def __init__(self, *answers: Said | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        stream = httpx.ByteStream(answer.body.encode())
        return httpx.Response(answer.status, headers=answer.headers, stream=stream)


def says(status: int, body: str = "", kind: str = "application/json", **more: str) -> Said:
    headers = {"content-type": kind} | {key.replace("_", "-"): text for key, text in more.items()}
    return Said(status, body, headers)


def door(script: Script, **more: object) -> Client:
    connection = Connection(f"{SERVER}/api", Credentials(token=TOKEN), **more)  # type: ignore[arg-type]  # whatever a test asks for
    return Client(connection, transport=httpx.MockTransport(script))


def refusal(*answers: Said | Exception, path: str = "me") -> ServerError:
    with door(Script(*answers)) as client, pytest.raises(ServerError) as raised:
        client.get_json(path)
    return raised.value
