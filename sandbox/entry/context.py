"""The context of one request: what the server holds, who sent it, and when."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from starlette.requests import Request

from sandbox.entry.lookups import Lookups
from sandbox.messages.request import user_of, world_of
from sandbox.state.world import User, World

SUPERUSER = "ALL"


@dataclass(frozen=True)
class Context:
    """What every rule of data entry may depend on."""

    world: World
    user: User
    now: datetime

    @cached_property
    def lookups(self) -> Lookups:
        """Lookups in the metadata as it is at this moment."""
        return Lookups(self.world.metadata)

    def may(self, *authorities: str) -> bool:
        """Whether the user has one of the authorities, or all there are."""
        return not self.user.authorities.isdisjoint({SUPERUSER, *authorities})


def context_of(request: Request) -> Context:
    """The context of a request."""
    world = world_of(request)
    return Context(world, user_of(request), world.clock())
