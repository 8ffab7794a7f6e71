"""The one path that no DHIS2 has: let a night pass."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.country.nights import next_night
from sandbox.http.envelopes import json_answer
from sandbox.http.request import world_of


async def pass_a_night(request: Request) -> Response:
    """Let a night pass and tell what happened; `?build=false` leaves the tables as they are."""
    built = request.query_params.get("build", "true").lower() != "false"
    return json_answer(next_night(world_of(request), built=built))


def routes() -> list[Route]:
    """Give the path of this module."""
    return [Route("/sandbox/next-night", pass_a_night, methods=["POST"])]
