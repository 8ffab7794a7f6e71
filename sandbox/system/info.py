"""What a server says about itself: ping, system info, who you are, its settings."""

from datetime import UTC, datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sandbox.http.envelopes import RefusalError, json_answer, web_message
from sandbox.http.request import generation_of, user_of, world_of
from sandbox.metadata.fields import Reader, read_fields
from sandbox.state.objects import objects_of
from sandbox.state.world import Json, World

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
NO_STORE = {"Cache-Control": "no-cache, no-store, max-age=0, must-revalidate"}
SETTINGS: Json = {
    "keyAnalyticsMaxLimit": 100000,
    "keyCalendar": "iso8601",
    "keyDateFormat": "yyyy-MM-dd",
    "keyIncludeZeroValuesInAnalytics": False,
    "applicationTitle": "DHIS 2",
}


def moment(when: datetime) -> str:
    """Give a time as DHIS2 writes it: milliseconds, no zone."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{when.microsecond // 1000:03}"


async def ping(_request: Request) -> Response:
    """Answer anybody, with nothing."""
    return Response(status_code=200)


async def info(request: Request) -> Response:
    """Tell version, calendar, clock and the last table run."""
    world = world_of(request)
    told: Json = {
        "contextPath": str(request.base_url).rstrip("/"),
        "calendar": world.settings.get("keyCalendar", "iso8601"),
        "dateFormat": "yyyy-mm-dd",
        "serverDate": moment(world.clock()),
        "serverTimeZoneId": "UTC",
        "serverTimeZoneDisplayName": "Coordinated Universal Time",
        "lastAnalyticsTableSuccess": moment(world.last_analytics_success or NEVER),
        "lastAnalyticsTableRuntime": world.analytics_runtime,
        "version": generation_of(request).version,
        "systemId": world.system_id,
        "systemName": world.settings.get("applicationTitle", "DHIS 2"),
    }
    fields = read_fields(request.query_params.get("fields", "*"))
    return json_answer(Reader(objects_of(world)).show(told, fields), headers=NO_STORE)


async def me(request: Request) -> Response:
    """Tell who is logged in, with authorities and org units."""
    user = user_of(request)
    told: Json = {
        "id": user.id,
        "username": user.username,
        "name": user.username,
        "authorities": sorted(user.authorities),
        "organisationUnits": [{"id": unit} for unit in user.org_units],
        "dataViewOrganisationUnits": [{"id": unit} for unit in user.data_view_org_units],
    }
    fields = read_fields(request.query_params.get("fields", "*"))
    return json_answer(Reader(objects_of(world_of(request))).show(told, fields))


def settings_of(world: World, defaults: Json) -> Json:
    """Give the settings of a world, numbers as numbers."""
    changed = {
        name: int(text) if isinstance(defaults.get(name), int) and text.isdigit() else text
        for name, text in world.settings.items()
    }
    return {**defaults, **changed}


async def settings(request: Request) -> Response:
    """Tell all settings, or one, or set one from the request's text."""
    world, generation = world_of(request), generation_of(request)
    name = request.path_params.get("name")
    known = settings_of(world, SETTINGS | generation.extra_settings)
    if name is None:
        return json_answer(known)
    if request.method == "POST":
        text = request.query_params.get("value") or (await request.body()).decode().strip()
        world.settings[name] = text.strip('"')
        return web_message(200, f"System setting '{name}' set to value '{world.settings[name]}'.")
    if name not in known:
        raise RefusalError(404, f"Setting does not exist: {name}", "E1005")
    return json_answer({name: known[name]})


async def home(request: Request) -> Response:
    """Send a visitor of the root to the apps, one of /api to the list of resources."""
    target = "/api/resources" if request.url.path.startswith("/api") else "/apps/"
    return RedirectResponse(target, 302)


async def output_period_types(request: Request) -> Response:
    """Tell or set the period types that analytics tables are built for; unknown on old servers."""
    world, generation = world_of(request), generation_of(request)
    if not generation.needs_output_period_types:
        raise HTTPException(404)
    if request.method == "POST":
        world.output_period_types = [entry["name"] for entry in await request.json()]
        return Response(status_code=204)
    return json_answer([{"name": name} for name in world.output_period_types])


def routes() -> list[Route]:
    """Give the paths of this module."""
    return [
        Route("/", home),
        Route("/api", home),
        Route("/api/ping", ping),
        Route("/api/system/info", info),
        Route("/api/me", me),
        Route("/api/systemSettings", settings),
        Route("/api/systemSettings/{name}", settings, methods=["GET", "POST"]),
        Route(
            "/api/configuration/dataOutputPeriodTypes",
            output_period_types,
            methods=["GET", "POST"],
        ),
    ]
