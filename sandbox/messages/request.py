"""What every handler reads of a request: world, generation, user, parameters, body."""

import gzip
import json
from collections.abc import Mapping
from typing import Any, cast

from starlette.requests import Request

from sandbox.messages.envelopes import RefusalError
from sandbox.messages.parameters import Query
from sandbox.state.generations import GENERATIONS, Generation
from sandbox.state.world import Json, User, World

GZIP = b"\x1f\x8b"


class UnquotedNumber(str):
    """A number of a JSON text that stood there without quotes."""

    __slots__ = ()


def world_of(request: Request) -> World:
    """The world this server holds."""
    return cast("World", request.app.state.world)


def generation_of(request: Request) -> Generation:
    """What distinguishes this server's generation from the other one."""
    return GENERATIONS[request.app.state.generation]


def user_of(request: Request) -> User:
    """The user who is logged in."""
    return cast("User", request.state.user)


def parameter_lists(request: Request) -> Query:
    """Every parameter with all its values."""
    return {name: request.query_params.getlist(name) for name in request.query_params}


def parameters(request: Request) -> Mapping[str, str]:
    """Every parameter with its last value."""
    return dict(request.query_params)


async def body_of(request: Request) -> bytes:
    """The body of a request, decompressed."""
    return decompressed(await request.body())


def decompressed(body: bytes) -> bytes:
    """The content of a gzip body; any other body as it is."""
    return gzip.decompress(body) if body.startswith(GZIP) else body


async def json_of(request: Request) -> Json:
    """The body as a JSON object; anything else is a 400."""
    try:
        content = parse_json(await body_of(request))
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise RefusalError(400, "The body is no JSON object")
    return content


def parse_json(body: bytes | str) -> Any:  # noqa: ANN401 - JSON may be anything
    """JSON as Python objects; numbers stay texts that remember they had no quotes."""
    return json.loads(body, parse_float=UnquotedNumber, parse_int=UnquotedNumber)
