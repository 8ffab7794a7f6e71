"""What brings the sandbox to where the real servers were when a stage began."""

from collections.abc import Callable
from datetime import UTC, datetime

from pipeline.sandbox.recorded_world import load_recorded_world, make_user
from pipeline.sandbox.world import Json, World
from tests.sandbox.pairs import RECORDINGS, Pair

RECORDED_ON = datetime(2026, 11, 23, 5, 50, tzinfo=UTC)
DEFAULT_KINDS = ("categories", "categoryCombos", "categoryOptionCombos", "categoryOptions")


def with_tables(_generation: str) -> World:
    """The recorded world after its first table run, without any stored value."""
    world = load_recorded_world(RECORDINGS / "world")
    world.last_analytics_success = RECORDED_ON
    return world


def without_tables(generation: str) -> World:
    """The recorded world before any table run."""
    world = with_tables(generation)
    world.built = world.last_analytics_success = None
    return world


def empty(generation: str) -> World:
    """A new server: one user without org units, and the default category objects."""
    world = without_tables(generation)
    world.metadata = {
        kind: [item for item in world.metadata[kind] if item["name"] == "default"]
        for kind in DEFAULT_KINDS
    }
    world.users = {"admin": make_user("admin", [])}
    return world


SEEDS: dict[str, Callable[[str], World]] = {
    "ready": empty,
    "metadata": without_tables,
    "users": without_tables,
    "tracker": without_tables,
    "before": without_tables,
    "tables": without_tables,
    "analytics": with_tables,
    "values": with_tables,
    "complete": with_tables,
    "exchange": with_tables,
    "lists": with_tables,
    "after": with_tables,
    "claims": with_tables,
}


def take_effect(world: World, pair: Pair) -> None:
    """Do to the world what an unclaimed pair did to the server, as far as later pairs see it."""
    if pair.path == "/api/metadata" and pair.method == "POST" and pair.status == 200:
        if ["importMode", "VALIDATE"] not in pair.query:
            merge_metadata(world, pair.body)
    elif pair.method == "DELETE" and pair.path.startswith("/api/programIndicators/"):
        gone = pair.path.rpartition("/")[2]
        listed = world.metadata["programIndicators"]
        listed[:] = [item for item in listed if item["id"] != gone]


def merge_metadata(world: World, body: dict[str, list[Json]]) -> None:
    """Put new objects into the world; known ones take the new members."""
    for kind, objects in body.items():
        listed = world.metadata.setdefault(kind, [])
        known = {item["id"]: item for item in listed}
        for item in objects:
            if item["id"] in known:
                known[item["id"]].update(item)
            else:
                listed.append(item)
