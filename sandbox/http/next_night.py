"""The one path that no DHIS2 has: let a night pass."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.country.nights import next_night
from sandbox.messages.envelopes import json_answer
from sandbox.messages.request import world_of


async def next_night_endpoint(request: Request) -> Response:
    """Let a night pass and answer what happened; `?build=false` leaves the tables as they are."""
    built = request.query_params.get("build", "true").lower() != "false"
    return json_answer(next_night(world_of(request), built=built))


def routes() -> list[Route]:
    """The path of this module."""
    return [Route("/sandbox/next-night", next_night_endpoint, methods=["POST"])]
