"""What a server says about itself: ping, system info, who you are, its settings."""

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipeline.sandbox.asking import generation_of, world_of
from pipeline.sandbox.envelopes import json_answer

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
MANY_AUTHORITIES = "ALL"


def moment(when: datetime) -> str:
    """Give a time as DHIS2 writes it: milliseconds, no zone."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{when.microsecond // 1000:03}"


async def ping(_request: Request) -> Response:
    """Answer anybody, with nothing."""
    return Response(status_code=200)


async def info(request: Request) -> Response:
    """Tell version, calendar, clock and the last table run."""
    world, generation = world_of(request), generation_of(request)
    return json_answer(
        {
            "contextPath": str(request.base_url).rstrip("/"),
            "calendar": world.settings.get("keyCalendar", "iso8601"),
            "dateFormat": "yyyy-mm-dd",
            "serverDate": moment(world.clock()),
            "serverTimeZoneId": "UTC",
            "lastAnalyticsTableSuccess": moment(world.last_analytics_success or NEVER),
            "version": generation.version,
            "systemId": world.system_id,
        }
    )


def routes() -> list[Route]:
    """Give the paths of this module."""
    return [
        Route("/api/ping", ping),
        Route("/api/system/info", info),
    ]
