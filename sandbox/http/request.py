"""What every handler asks of a request: the world, the generation, the user, the parameters."""

from typing import cast

from starlette.requests import Request

from sandbox.state.generations import GENERATIONS, Generation
from sandbox.state.world import User, World


def world_of(request: Request) -> World:
    """Give the world this server holds."""
    return cast("World", request.app.state.world)


def generation_of(request: Request) -> Generation:
    """Give the habits of this server's generation."""
    return GENERATIONS[request.app.state.generation]


def user_of(request: Request) -> User:
    """Give the user who is logged in."""
    return cast("User", request.state.user)
