"""The settings of a server: system settings, and the period types of its analytics tables."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.messages.envelopes import RefusalError, json_answer, web_message
from sandbox.messages.request import generation_of, world_of
from sandbox.state.world import Json, World

SETTINGS: Json = {
    "keyAnalyticsMaxLimit": 100000,
    "keyCalendar": "iso8601",
    "keyDateFormat": "yyyy-MM-dd",
    "keyIncludeZeroValuesInAnalytics": False,
    "applicationTitle": "DHIS 2",
}


def settings_of(world: World, defaults: Json) -> Json:
    """The settings of a world, numbers as numbers."""
    changed = {
        name: int(text) if isinstance(defaults.get(name), int) and text.isdigit() else text
        for name, text in world.settings.items()
    }
    return {**defaults, **changed}


async def settings(request: Request) -> Response:
    """Show all settings, or one, or set one from the request's text."""
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


async def output_period_types(request: Request) -> Response:
    """Show or set the period types that analytics tables are built for; new in 2.43."""
    world, generation = world_of(request), generation_of(request)
    if not generation.needs_output_period_types:
        raise HTTPException(404)
    if request.method == "POST":
        world.output_period_types = [entry["name"] for entry in await request.json()]
        return Response(status_code=204)
    return json_answer([{"name": name} for name in world.output_period_types])


def routes() -> list[Route]:
    """The paths of this module."""
    return [
        Route("/api/systemSettings", settings),
        Route("/api/systemSettings/{name}", settings, methods=["GET", "POST"]),
        Route(
            "/api/configuration/dataOutputPeriodTypes",
            output_period_types,
            methods=["GET", "POST"],
        ),
    ]
