"""Everything under /api/dataValueSets and its neighbours."""

import gzip
from collections.abc import Callable, Mapping
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.entry import completeness, locks
from sandbox.entry.facts import Visit
from sandbox.http.envelopes import JSON_TYPE, RefusalError, json_answer, web_message
from sandbox.http.request import user_of, world_of
from sandbox.state.world import Job, Json
from sandbox.system.jobs import note, start_job
from sandbox.system.tasks import initiated
from sandbox.values.generations import VALUE_HABITS, ValueHabits
from sandbox.values.options import import_options
from sandbox.values.payload import Payload, parse
from sandbox.values.reading import Query, SilenceError, read_data_values
from sandbox.values.reports import answer_of
from sandbox.values.shapes import new_csv, new_json, old_csv, old_json
from sandbox.values.single import delete_value, get_value
from sandbox.values.writing import read_body, write_data_values

CSV_TYPE = "application/csv;charset=UTF-8"
GZIP = b"\x1f\x8b"
ADD = "F_DATAVALUE_ADD"
IMPORT = "DATAVALUE_IMPORT"
NO_STORE = {"Cache-Control": "no-cache, no-store, max-age=0, must-revalidate"}


def visit_of(request: Request) -> Visit:
    """Give who asks what server when."""
    world = world_of(request)
    return Visit(world, user_of(request), world.clock())


def habits_of(request: Request) -> ValueHabits:
    """Give what this server's generation does with values."""
    return VALUE_HABITS[request.app.state.generation]


def lists_of(request: Request) -> Query:
    """Give every parameter with all its values."""
    return {name: request.query_params.getlist(name) for name in request.query_params}


def query_of(request: Request) -> Mapping[str, str]:
    """Give every parameter with its last value."""
    return dict(request.query_params)


async def write(request: Request) -> Response:
    """Import data values."""
    visit, habits = visit_of(request), habits_of(request)
    if not visit.may(ADD):
        raise RefusalError(403, f"Access is denied, requires one Authority from [{ADD}]")
    kind = request.headers.get("Content-Type", "application/json").partition(";")[0].strip()
    if kind not in ("application/json", "application/csv"):
        raise RefusalError(415, f"Content-Type '{kind}' is not supported")
    payload = read_body(habits, await body_of(request), csv=kind == "application/csv")
    query = query_of(request)
    if query.get("async") == "true":
        work = later(visit, habits, payload, query)
        return initiated(start_job(visit.world, IMPORT, work), request)
    status, answer = write_data_values(visit, habits, payload, query)
    return json_answer(answer, status)


def later(
    visit: Visit, habits: ValueHabits, payload: Payload | None, query: Mapping[str, str]
) -> Callable[[Job], Json]:
    """Give an import as work for a job; its last note says how it went."""

    def work(job: Job) -> Json:
        world = visit.world
        _, answer = write_data_values(replace(visit, now=world.clock()), habits, payload, query)
        summary: Json = answer["response"]
        counts = summary["importCount"]
        text = (
            f"Import complete with status {summary['status']}, {counts['imported']} created,"
            f" {counts['updated']} updated, {counts['deleted']} deleted,"
            f" {counts['ignored']} ignored"
        )
        note(job, world, text, completed=True)
        return summary

    return work


async def body_of(request: Request) -> bytes:
    """Give the body of a request, unpacked."""
    return unpacked(await request.body())


def unpacked(body: bytes) -> bytes:
    """Unpack a body that begins as gzip does; give any other as it is."""
    return gzip.decompress(body) if body.startswith(GZIP) else body


async def json_of(request: Request) -> Json:
    """Give the body as a JSON object; anything else is a 400."""
    try:
        content = parse(await body_of(request))
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise RefusalError(400, "The body is no JSON object")
    return content


async def read(request: Request) -> Response:
    """Export data values."""
    visit, habits = visit_of(request), habits_of(request)
    try:
        asked, found = read_data_values(visit, habits, lists_of(request))
    except SilenceError:
        return Response(media_type=JSON_TYPE, headers=NO_STORE)
    if _wants_csv(request, habits):
        lines = new_csv if habits.hoists else old_csv
        answer = Response(lines(visit, asked, found), media_type=CSV_TYPE, headers=NO_STORE)
    else:
        shape = new_json if habits.hoists else old_json
        answer = json_answer(shape(visit, asked, found), headers=NO_STORE)
    if habits.offers_a_file:
        answer.headers["Content-Disposition"] = _file_name(request, answer)
    return _packed(request, answer)


def _file_name(request: Request, answer: Response) -> str:
    dates = [request.query_params.get(name) for name in ("startDate", "endDate")]
    kind = "csv" if answer.media_type == CSV_TYPE else "json"
    name = "_".join(["dataValues", *(day for day in dates if day)])
    return f'attachment; filename="{name}.{kind}"'


def _wants_csv(request: Request, habits: ValueHabits) -> bool:
    return (
        request.url.path.endswith(".csv")
        or request.query_params.get("format") == "csv"
        or (habits.reads_by_accept and request.headers.get("Accept", "").startswith(CSV_TYPE[:15]))
    )


def _packed(request: Request, answer: Response) -> Response:
    if request.query_params.get("compression") != "gzip":
        return answer
    return Response(gzip.compress(bytes(answer.body), mtime=0), media_type="application/gzip")


async def get_one(request: Request) -> Response:
    """Tell the value of one cell."""
    return json_answer([get_value(visit_of(request), query_of(request))])


async def delete_one(request: Request) -> Response:
    """Delete the value of one cell."""
    tombstones = habits_of(request).tombstones_for_nothing
    delete_value(visit_of(request), query_of(request), leaves_tombstones=tombstones)
    return Response(status_code=204)


async def complete(request: Request) -> Response:
    """Register complete data sets."""
    habits = habits_of(request)
    options = import_options(query_of(request), knows_atomic=habits.knows_atomic)
    entries = (await json_of(request)).get("completeDataSetRegistrations") or []
    report = completeness.register(
        visit_of(request), entries, options, bad_period_ends_all=habits.bad_period_ends_the_list
    )
    status, answer = answer_of(report, options.echo, warning=habits.warning)
    return json_answer(answer, status)


async def completed(request: Request) -> Response:
    """Tell which data sets are complete."""
    return json_answer(completeness.registered(visit_of(request), lists_of(request)))


async def incomplete(request: Request) -> Response:
    """Take a registration back."""
    completeness.take_back(visit_of(request), query_of(request))
    return Response(status_code=204)


async def unlock(request: Request) -> Response:
    """Make a lock exception."""
    locks.except_from_lock(visit_of(request), query_of(request))
    return web_message(201, "LockException created successfully.")


async def unlocked(request: Request) -> Response:
    """List the lock exceptions; always all of them, and always the three references."""
    return json_answer({"lockExceptions": locks.lock_exceptions(visit_of(request))})


async def lock(request: Request) -> Response:
    """Drop a lock exception."""
    locks.lock_again(visit_of(request), query_of(request))
    return Response(status_code=204)


async def approve(request: Request) -> Response:
    """Approve a data set."""
    locks.approve(visit_of(request), query_of(request))
    return Response(status_code=204)


async def approval(request: Request) -> Response:
    """Tell whether a data set is approved."""
    return json_answer(locks.approval_state(visit_of(request), query_of(request)))


async def form(request: Request) -> Response:
    """Tell what a data entry form needs to know of a cell."""
    return json_answer(locks.form(visit_of(request), query_of(request)))


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
        ("/api/lockExceptions", unlocked, "GET"),
        ("/api/lockExceptions", lock, "DELETE"),
        ("/api/dataApprovals", approve, "POST"),
        ("/api/dataApprovals", approval, "GET"),
        ("/api/dataEntry/dataValues", form, "GET"),
    ]
    return [Route(path, endpoint, methods=[method]) for path, endpoint, method in table]
