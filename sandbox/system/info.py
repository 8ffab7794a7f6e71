"""What a server says about itself: ping, system info, and who is logged in."""

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sandbox.messages.envelopes import NO_STORE, json_answer
from sandbox.messages.fields import FieldReader, read_fields
from sandbox.messages.request import generation_of, user_of, world_of
from sandbox.state.objects import objects_of
from sandbox.state.timestamps import local_time
from sandbox.state.world import Json

NEVER = datetime(1970, 1, 1, tzinfo=UTC)


async def ping(_request: Request) -> Response:
    """Answer with an empty body; no login is needed."""
    return Response(status_code=200)


async def info(request: Request) -> Response:
    """Show version, calendar, clock and the last table run."""
    world = world_of(request)
    shown: Json = {
        "contextPath": str(request.base_url).rstrip("/"),
        "calendar": world.settings.get("keyCalendar", "iso8601"),
        "dateFormat": "yyyy-mm-dd",
        "serverDate": local_time(world.clock()),
        "serverTimeZoneId": "UTC",
        "serverTimeZoneDisplayName": "Coordinated Universal Time",
        "lastAnalyticsTableSuccess": local_time(world.last_analytics_success or NEVER),
        "lastAnalyticsTableRuntime": world.analytics_runtime,
        "version": generation_of(request).version,
        "systemId": world.system_id,
        "systemName": world.settings.get("applicationTitle", "DHIS 2"),
    }
    if not world.tells_system_id:
        del shown["systemId"]
    fields = read_fields(request.query_params.get("fields", "*"))
    return json_answer(FieldReader(objects_of(world)).show(shown, fields), headers=NO_STORE)


async def configured_id(request: Request) -> Response:
    """Show the system id, a text without quotes that says it is JSON."""
    return Response(world_of(request).system_id, media_type="application/json;charset=UTF-8")


async def me(request: Request) -> Response:
    """Show who is logged in, with authorities and org units."""
    user = user_of(request)
    shown: Json = {
        "id": user.id,
        "username": user.username,
        "name": user.username,
        "authorities": sorted(user.authorities),
        "organisationUnits": [{"id": unit} for unit in user.org_units],
        "dataViewOrganisationUnits": [{"id": unit} for unit in user.data_view_org_units],
    }
    fields = read_fields(request.query_params.get("fields", "*"))
    return json_answer(FieldReader(objects_of(world_of(request))).show(shown, fields))


async def home(request: Request) -> Response:
    """Redirect the root to the apps, and /api to the list of resources."""
    target = "/api/resources" if request.url.path.startswith("/api") else "/apps/"
    return RedirectResponse(target, 302)


def routes() -> list[Route]:
    """The paths of this module."""
    return [
        Route("/", home),
        Route("/api", home),
        Route("/api/ping", ping),
        Route("/api/system/info", info),
        Route("/api/configuration/systemId", configured_id),
        Route("/api/me", me),
    ]
