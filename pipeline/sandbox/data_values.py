"""Everything under /api/dataValueSets and its neighbours."""

import gzip
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipeline.sandbox import completeness, locks
from pipeline.sandbox.asking import user_of, world_of
from pipeline.sandbox.data_value_generations import VALUE_HABITS, ValueHabits
from pipeline.sandbox.data_value_payload import parse
from pipeline.sandbox.data_value_reading import Query, SilenceError, read_data_values
from pipeline.sandbox.data_value_shapes import new_json, old_json, values_csv
from pipeline.sandbox.data_value_single import delete_value, get_value
from pipeline.sandbox.data_value_timeliness import may_any
from pipeline.sandbox.data_value_writing import read_body, write_data_values
from pipeline.sandbox.envelopes import JSON_TYPE, RefusalError, json_answer, web_message

CSV_TYPE = "application/csv;charset=UTF-8"
GZIP = b"\x1f\x8b"
ADD = "F_DATAVALUE_ADD"
NO_STORE = {"Cache-Control": "no-cache, no-store, max-age=0, must-revalidate"}


def habits_of(request: Request) -> ValueHabits:
    """Give what this server's generation does with values."""
    return VALUE_HABITS[request.app.state.generation]


def queries_of(request: Request) -> Query:
    """Give every parameter with all its values."""
    return {name: request.query_params.getlist(name) for name in request.query_params}


def single(request: Request) -> Mapping[str, str]:
    """Give every parameter with its last value."""
    return dict(request.query_params)


async def write(request: Request) -> Response:
    """Import data values."""
    world, user = world_of(request), user_of(request)
    if not may_any(user, ADD):
        raise RefusalError(403, f"Access is denied, requires one Authority from [{ADD}]")
    kind = request.headers.get("Content-Type", "application/json").partition(";")[0].strip()
    if kind not in ("application/json", "application/csv"):
        raise RefusalError(415, f"Content-Type '{kind}' is not supported")
    body = await request.body()
    body = gzip.decompress(body) if body.startswith(GZIP) else body
    habits = habits_of(request)
    payload = read_body(habits, body, csv=kind == "application/csv")
    status, answer = write_data_values(world, habits, user, payload, single(request), world.clock())
    return json_answer(answer, status)


async def read(request: Request) -> Response:
    """Export data values."""
    world, habits = world_of(request), habits_of(request)
    try:
        asked, found = read_data_values(
            world, habits, user_of(request), queries_of(request), world.clock()
        )
    except SilenceError:
        return Response(status_code=200, media_type=JSON_TYPE, headers=NO_STORE)
    if _wants_csv(request, habits):
        text = values_csv(world, asked, found, tells_false=not habits.hoists)
        return _packed(request, text.encode(), CSV_TYPE)
    shape = new_json if habits.hoists else old_json
    answer = json_answer(shape(world, asked, found), headers=NO_STORE)
    return _packed(request, bytes(answer.body), JSON_TYPE)


def _wants_csv(request: Request, habits: ValueHabits) -> bool:
    accepted = request.headers.get("Accept", "")
    return (
        request.url.path.endswith(".csv")
        or request.query_params.get("format") == "csv"
        or (habits.reads_by_accept and accepted.startswith("application/csv"))
    )


def _packed(request: Request, body: bytes, kind: str) -> Response:
    if request.query_params.get("compression") == "gzip":
        return Response(gzip.compress(body, mtime=0), media_type="application/gzip")
    return Response(body, media_type=kind, headers=NO_STORE)


async def get_one(request: Request) -> Response:
    """Tell the value of one cell."""
    return json_answer([get_value(world_of(request), single(request))])


async def delete_one(request: Request) -> Response:
    """Delete the value of one cell."""
    world = world_of(request)
    delete_value(world, habits_of(request), user_of(request), single(request), world.clock())
    return Response(status_code=204)


async def complete(request: Request) -> Response:
    """Register complete data sets."""
    world = world_of(request)
    body = parse(await request.body())
    status, answer = completeness.register(
        world, habits_of(request), user_of(request), body, single(request), world.clock()
    )
    return json_answer(answer, status)


async def completed(request: Request) -> Response:
    """Tell which data sets are complete."""
    world = world_of(request)
    return json_answer(completeness.registered(world, queries_of(request), world.clock()))


async def incomplete(request: Request) -> Response:
    """Take a registration back."""
    world = world_of(request)
    completeness.take_back(world, user_of(request), single(request), world.clock())
    return Response(status_code=204)


async def unlock(request: Request) -> Response:
    """Make a lock exception."""
    locks.except_from_lock(world_of(request), single(request))
    return web_message(201, "LockException created successfully.")


async def lock(request: Request) -> Response:
    """Drop a lock exception."""
    locks.lock_again(world_of(request), single(request))
    return Response(status_code=204)


async def approve(request: Request) -> Response:
    """Approve a data set."""
    world = world_of(request)
    locks.approve(world, user_of(request), single(request), world.clock())
    return Response(status_code=204)


async def approval(request: Request) -> Response:
    """Tell whether a data set is approved."""
    return json_answer(locks.approval_state(world_of(request), single(request)))


async def form(request: Request) -> Response:
    """Tell what a data entry form needs to know of a cell."""
    world = world_of(request)
    return json_answer(locks.form(world, user_of(request), single(request), world.clock()))


def routes() -> list[Route]:
    """Give the paths of this module."""
    sets = ("/api/dataValueSets", "/api/dataValueSets.json", "/api/dataValueSets.csv")
    table = [
        *((path, read, "GET") for path in sets),
        *((path, write, "POST") for path in sets),
        ("/api/dataValues", get_one, "GET"),
        ("/api/dataValues", delete_one, "DELETE"),
        ("/api/completeDataSetRegistrations", completed, "GET"),
        ("/api/completeDataSetRegistrations", complete, "POST"),
        ("/api/completeDataSetRegistrations", incomplete, "DELETE"),
        ("/api/lockExceptions", unlock, "POST"),
        ("/api/lockExceptions", lock, "DELETE"),
        ("/api/dataApprovals", approve, "POST"),
        ("/api/dataApprovals", approval, "GET"),
        ("/api/dataEntry/dataValues", form, "GET"),
    ]
    return [Route(path, endpoint, methods=[method]) for path, endpoint, method in table]
