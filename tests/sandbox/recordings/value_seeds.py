"""What earlier stages, and pairs nobody claims, left among the stored values."""

import json
import re
from datetime import datetime

from sandbox.data_sets import registrations
from sandbox.entry.context import Context
from sandbox.entry.import_options import import_options
from sandbox.messages.envelopes import RefusalError
from sandbox.state.world import Json, StoredValue, ValueKey, World
from sandbox.values.generations import VALUE_BEHAVIOUR
from sandbox.values.writing import read_body, write_data_values
from tests.sandbox.recordings.pairs import Pair, pairs_of

EXCHANGES = {
    "run exchange": "after the exchange",
    "disaggregated: run": "after the disaggregated exchange",
}
SHADOW = "org unit group as a filter"
EXCHANGED = "[aggregated]"
KEY_MEMBERS = (
    *("dataElement", "period", "orgUnit", "categoryOptionCombo", "attributeOptionCombo"),
)
WRITES = ("/api/dataValueSets", "/api/completeDataSetRegistrations")


def write_again(world: World, generation: str, stage: str) -> None:
    """Write what a stage wrote, without asking how it was answered."""
    for pair in pairs_of(generation, stage):
        if pair.path in WRITES and pair.method != "GET" and pair.user:
            try:
                _write(world, generation, pair)
            except RefusalError:
                continue


def _write(world: World, generation: str, pair: Pair) -> None:
    behaviour, query = VALUE_BEHAVIOUR[generation], dict(pair.query)
    user = world.users["exchanger" if pair.user == "ApiToken" else str(pair.user)]
    context = Context(world, user, pair.at)
    if pair.path == WRITES[0] and not context.may("F_DATAVALUE_ADD"):
        return
    if pair.path == WRITES[0]:
        csv = pair.headers.get("Content-Type") == "application/csv"
        payload = read_body(behaviour, _body(pair), csv=csv)
        write_data_values(context, behaviour, payload, query)
    elif pair.method == "DELETE":
        registrations.unregister(context, query)
    else:
        options = import_options(query, knows_atomic=behaviour.generation.knows_atomic)
        entries = pair.body["completeDataSetRegistrations"]
        ends = behaviour.generation.bad_period_ends_the_list
        registrations.register(context, entries, options, bad_period_ends_all=ends)


def _body(pair: Pair) -> bytes:
    text = pair.body if isinstance(pair.body, str) else json.dumps(pair.body)
    rows = re.findall(r"<dataValue (.*?)/>", text)
    if rows:
        values = [dict(re.findall(r'(\w+)="(.*?)"', row)) for row in rows]
        text = json.dumps({"dataValues": values})
    return text.encode()


def take_over(world: World, pair: Pair) -> None:
    """Store the values of a recorded read."""
    _store(world, pair, pair.json["dataValues"])


def take_over_exchanged(world: World, generation: str) -> None:
    """Store what an exchange had left in the shadow data set before the later questions."""
    pair = next(pair for pair in pairs_of(generation, "claims") if pair.name == SHADOW)
    _store(world, pair, [v for v in pair.json["dataValues"] if v.get("comment") == EXCHANGED])


def _store(world: World, pair: Pair, values: list[Json]) -> None:
    for value in values:
        members = {**pair.json, **value}
        key = ValueKey(*(members[name] for name in KEY_MEMBERS))
        times = [datetime.fromisoformat(members[name]) for name in ("created", "lastUpdated")]
        world.values[key] = StoredValue(
            members.get("value"),
            members["storedBy"],
            *times,
            comment=members.get("comment"),
            followup=members.get("followup", False),
            deleted=members.get("deleted", False),
        )


def take_effect_on_values(world: World, generation: str, pair: Pair) -> None:
    """Store what an unclaimed pair stored: XML as if it were JSON, exchanges as later read."""
    if pair.name in EXCHANGES and pair.stage == "claims":
        read_afterwards = EXCHANGES[pair.name]
        listed = pairs_of(generation, pair.stage)
        take_over(world, next(later for later in listed if later.name == read_afterwards))
    elif pair.path == WRITES[0] and pair.method == "POST":
        _write(world, generation, pair)
