"""Authentication: Basic, personal access token or session cookie, refused as DHIS2 refuses."""

import base64
import binascii
import hashlib
from http.cookies import SimpleCookie

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.messages.envelopes import RefusalError, web_message
from sandbox.state.world import Token, User, World

OPEN_PATHS = frozenset({"/api/ping"})
TOKEN_LENGTHS = (54, 48)
SESSION = "JSESSIONID"


class UnauthenticatedError(Exception):
    """The request carries no credentials, or its session is dead."""


class BadTokenError(RefusalError):
    """A personal access token that is malformed, unknown, expired or not for this method."""


def identify(request: Request, world: World) -> User:
    """The user whose credentials the request carries.

    Raises `UnauthenticatedError` without credentials and `RefusalError` (400, 401) for bad ones.
    """
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    match scheme.lower():
        case "basic":
            return _by_password(credentials, world)
        case "apitoken":
            return _by_token(credentials.strip(), request.method, world)
        case _:
            return _by_session(request, world)


def _by_password(credentials: str, world: World) -> User:
    try:
        username, _, password = base64.b64decode(credentials).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        username, password = "", ""
    user = world.users.get(username)
    if user is None or not user.password or user.password != password:
        raise RefusalError(401, "Unauthorized")
    return user


def _by_token(sent: str, method: str, world: World) -> User:
    for user in world.users.values():
        for token in user.tokens:
            if token.text == sent:
                _check_usable(token, method, world)
                return user
    if len(sent) not in TOKEN_LENGTHS or not sent.startswith(("d2p_", "d2pat_")):
        raise BadTokenError(400, "Checksum validation failed")
    raise BadTokenError(401, "Unauthorized")


def _check_usable(token: Token, method: str, world: World) -> None:
    failed = "Failed to authenticate API token, "
    if token.methods and method not in token.methods:
        raise BadTokenError(401, f"{failed}request http method is not allowed.")
    if token.expires is not None and world.clock() >= token.expires:
        raise BadTokenError(401, f"{failed}token has expired.")


def _by_session(request: Request, world: World) -> User:
    session = request.cookies.get(SESSION, "")
    for user in world.users.values():
        if session and session == session_of(user):
            return user
    raise UnauthenticatedError


def session_of(user: User) -> str:
    """The session id a user gets at login: the same one each time."""
    return hashlib.sha256(f"session {user.username}".encode()).hexdigest()[:32].upper()


def unauthenticated(request: Request, login_path: str) -> Response:
    """The answer to a request without credentials: the login page, or 401 for a script."""
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        return web_message(401, "Unauthorized")
    return Response(status_code=302, headers={"Location": str(request.base_url) + login_path})


class AuthenticationMiddleware:
    """Lets a request through with `request.state.user` set, or refuses it."""

    def __init__(self, app: ASGIApp, login_path: str) -> None:
        self.app = app
        self.login_path = login_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http" or scope["path"] in OPEN_PATHS or not _is_api(scope["path"]):
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        try:
            user = identify(request, scope["app"].state.world)
        except UnauthenticatedError:
            await unauthenticated(request, self.login_path)(scope, receive, send)
            return
        except RefusalError as refusal:
            is_token = isinstance(refusal, BadTokenError)
            headers = {"WWW-Authenticate": "ApiToken"} if is_token else None
            refused = web_message(refusal.status, refusal.message, headers=headers)
            await refused(scope, receive, send)
            return
        scope.setdefault("state", {})["user"] = user
        await self.app(scope, receive, _with_session(send, user))


def _is_api(path: str) -> bool:
    return path == "/api" or path.startswith("/api/")


def _with_session(send: Send, user: User) -> Send:
    """A `send` that sets the session cookie on the answer."""

    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start":
            cookie: SimpleCookie = SimpleCookie({SESSION: session_of(user)})
            cookie[SESSION]["path"] = "/"
            MutableHeaders(scope=message).append("Set-Cookie", cookie[SESSION].OutputString())
        await send(message)

    return answer
