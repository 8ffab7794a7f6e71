"""What brings the sandbox to where the real servers were when a stage began."""

from collections.abc import Callable
from datetime import UTC, datetime

from sandbox.state.recorded import load_recorded_world, make_user, token_of
from sandbox.state.tables import build
from sandbox.state.world import Json, Token, World
from tests.sandbox.recordings.later_indicators import (
    one_more_event,
    teach_later_indicators,
    teach_mean_weight,
)
from tests.sandbox.recordings.pairs import RECORDINGS, Pair, pairs_of
from tests.sandbox.recordings.value_seeds import (
    take_effect_on_values,
    take_over,
    take_over_exchanged,
    write_again,
)

EXCHANGED_VALUES = 410
PERIOD_TYPES = "set the output period types"
RECORDED_ON = datetime(2026, 11, 23, 5, 50, tzinfo=UTC)
SERVER_DEFAULTS: dict[str, Json] = {
    "dataSets": {
        "dataInputPeriods": [],
        "expiryDays": 0.0,
        "timelyDays": 0.0,
        "openFuturePeriods": 0,
        "openPeriodsAfterCoEndDate": 0,
        "compulsoryFieldsCompleteOnly": False,
    }
}
DEFAULT_KINDS = ("categories", "categoryCombos", "categoryOptionCombos", "categoryOptions")


def with_tables(_generation: str) -> World:
    """The recorded world after its first table run, without any stored value."""
    world = load_recorded_world(RECORDINGS / "world")
    world.last_analytics_success = RECORDED_ON
    return world


def with_mean_weights(generation: str) -> World:
    """The recorded world, able to take means over any months and sites."""
    world = with_tables(generation)
    teach_mean_weight(world)
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


def later(generation: str) -> World:
    """The recorded world as the later questions found it; its jobs are done when asked about."""
    world = with_exchanged_values(generation)
    take_over_exchanged(world, generation)
    teach_later_indicators(world)
    build(world)
    world.last_analytics_success = RECORDED_ON
    world.job_patience = 0
    world.users["exchanger"].tokens += (
        Token(token_of("exchanger GET"), methods=("GET",)),
        Token(token_of("exchanger old"), expires=RECORDED_ON),
    )
    types = next(pair for pair in pairs_of("2.43", "claims") if pair.name == PERIOD_TYPES)
    world.output_period_types = [entry["name"] for entry in types.body]
    return world


def with_written_values(generation: str) -> World:
    """The recorded world with what the stage before had written."""
    world = with_tables(generation)
    write_again(world, generation, "values")
    return world


def with_exchanged_values(generation: str) -> World:
    """The recorded world with what was written, and what the exchanges had left in it."""
    world = with_written_values(generation)
    write_again(world, generation, "complete")
    listed = pairs_of(generation, "after")
    take_over(world, next(pair for pair in listed if pair.number == EXCHANGED_VALUES))
    return world


SEEDS: dict[str, Callable[[str], World]] = {
    "ready": empty,
    "metadata": without_tables,
    "users": without_tables,
    "tracker": without_tables,
    "before": without_tables,
    "tables": without_tables,
    "analytics": with_mean_weights,
    "values": with_tables,
    "complete": with_written_values,
    "exchange": with_tables,
    "lists": with_tables,
    "after": with_exchanged_values,
    "claims": later,
}


def take_effect(world: World, generation: str, pair: Pair) -> None:
    """Do to the world what an unclaimed pair did to the server, as far as later pairs see it."""
    take_effect_on_values(world, generation, pair)
    if pair.path == "/api/metadata" and pair.method == "POST" and pair.status == 200:
        if ["importMode", "VALIDATE"] not in pair.query:
            merge_metadata(world, pair.body)
    elif pair.path == "/api/tracker" and pair.stage == "claims":
        for event in pair.body["events"]:
            day = event["occurredAt"]
            one_more_event(world, event["orgUnit"], day[:4] + day[5:7])
    elif pair.method == "DELETE" and pair.path.startswith("/api/programIndicators/"):
        gone = pair.path.rpartition("/")[2]
        listed = world.metadata["programIndicators"]
        listed[:] = [item for item in listed if item["id"] != gone]


def merge_metadata(world: World, body: dict[str, list[Json]]) -> None:
    """Put new objects into the world; known ones take the new members."""
    for kind, objects in body.items():
        listed = world.metadata.setdefault(kind, [])
        known = {item["id"]: item for item in listed}
        for posted in objects:
            item = SERVER_DEFAULTS.get(kind, {}) | posted
            for period in item.get("dataInputPeriods", []):
                for name in ("openingDate", "closingDate"):
                    period[name] = period[name].partition("T")[0] + "T00:00:00.000"
            if item["id"] in known:
                known[item["id"]].update(item)
            else:
                listed.append(item)
