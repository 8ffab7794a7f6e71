"""The Starlette application of one world: its routes, its middleware, its refusals."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.analytics import endpoint as analytics
from sandbox.data_sets import endpoint as data_sets
from sandbox.http import next_night
from sandbox.http.authentication import AuthenticationMiddleware
from sandbox.http.faults import Fault, FaultMiddleware
from sandbox.http.request_log import RequestLine, RequestLog
from sandbox.messages.envelopes import RefusalError, html_page, refusal_message, web_message
from sandbox.metadata import endpoint as metadata
from sandbox.state.generations import GENERATIONS
from sandbox.state.world import World
from sandbox.system import info, settings, tasks
from sandbox.values import endpoint as values


def create_app(
    world: World, generation: str, requests: list[RequestLine], faults: list[Fault]
) -> Starlette:
    """The application that serves `world` as a server of `generation` would.

    It appends to `requests`, and looks into `faults` at each request.
    """
    application = Starlette(
        routes=routes(),
        middleware=[
            Middleware(RequestLog, requests),
            Middleware(FaultMiddleware, faults),
            Middleware(AuthenticationMiddleware, GENERATIONS[generation].login_path),
        ],
        exception_handlers={HTTPException: on_http_exception, RefusalError: on_refusal},
    )
    application.router.redirect_slashes = False
    application.state.world = world
    application.state.generation = generation
    return application


def routes() -> list[Route]:
    """Every path the sandbox knows."""
    modules = (info, settings, tasks, analytics, values, data_sets, metadata, next_night)
    return [route for module in modules for route in module.routes()]


async def on_http_exception(request: Request, reason: Exception) -> Response:
    """Answer an unknown path with a page and a wrong method with a message."""
    status = reason.status_code if isinstance(reason, HTTPException) else 500
    if status == 405:  # noqa: PLR2004 - HTTP's own number
        if request.method == "OPTIONS":
            return Response(status_code=200)
        return web_message(status, f"Request method '{request.method}' is not supported")
    return html_page(status, f"No static resource {request.url.path.lstrip('/')}.")


async def on_refusal(_request: Request, reason: Exception) -> Response:
    """Answer a refusal with its web message."""
    if not isinstance(reason, RefusalError):
        raise reason
    return refusal_message(reason)
