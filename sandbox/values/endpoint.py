"""The endpoints of data values: /api/dataValueSets and /api/dataValues."""

import gzip
from collections.abc import Callable, Mapping
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.entry.context import Context, context_of
from sandbox.messages.envelopes import (
    CSV_TYPE,
    JSON_TYPE,
    NO_STORE,
    RefusalError,
    job_initiated,
    json_answer,
)
from sandbox.messages.request import body_of, parameter_lists, parameters
from sandbox.state.jobs import note, start_job
from sandbox.state.world import Job, Json
from sandbox.values.formats import new_csv, new_json, old_csv, old_json
from sandbox.values.generations import VALUE_BEHAVIOUR, ValueBehaviour
from sandbox.values.payload import Payload
from sandbox.values.reading import read_data_values
from sandbox.values.selection import EmptyAnswerError
from sandbox.values.single import delete_value, get_value
from sandbox.values.writing import read_body, write_data_values

ADD = "F_DATAVALUE_ADD"
IMPORT = "DATAVALUE_IMPORT"


def behaviour_of(request: Request) -> ValueBehaviour:
    """What this server's generation does with values."""
    return VALUE_BEHAVIOUR[request.app.state.generation]


async def post_data_values(request: Request) -> Response:
    """Import data values."""
    context, behaviour = context_of(request), behaviour_of(request)
    if not context.may(ADD):
        raise RefusalError(403, f"Access is denied, requires one Authority from [{ADD}]")
    kind = request.headers.get("Content-Type", "application/json").partition(";")[0].strip()
    if kind not in ("application/json", "application/csv"):
        raise RefusalError(415, f"Content-Type '{kind}' is not supported")
    payload = read_body(behaviour, await body_of(request), csv=kind == "application/csv")
    query = parameters(request)
    if query.get("async") == "true":
        work = import_work(context, behaviour, payload, query)
        return job_initiated(start_job(context.world, IMPORT, work), str(request.base_url))
    status, answer = write_data_values(context, behaviour, payload, query)
    return json_answer(answer, status)


def import_work(
    context: Context, behaviour: ValueBehaviour, payload: Payload | None, query: Mapping[str, str]
) -> Callable[[Job], Json]:
    """An import as the work of a job; its last note says how it went."""

    def work(job: Job) -> Json:
        world = context.world
        _, answer = write_data_values(
            replace(context, now=world.clock()), behaviour, payload, query
        )
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


async def get_data_values(request: Request) -> Response:
    """Export data values."""
    context, behaviour = context_of(request), behaviour_of(request)
    try:
        selection, found = read_data_values(context, behaviour, parameter_lists(request))
    except EmptyAnswerError:
        return Response(media_type=JSON_TYPE, headers=NO_STORE)
    if _wants_csv(request, behaviour):
        lines = new_csv if behaviour.shared_at_root else old_csv
        answer = Response(lines(context, selection, found), media_type=CSV_TYPE, headers=NO_STORE)
    else:
        shape = new_json if behaviour.shared_at_root else old_json
        answer = json_answer(shape(context, selection, found), headers=NO_STORE)
    if behaviour.offers_a_file:
        answer.headers["Content-Disposition"] = _file_name(request, answer)
    return _packed(request, answer)


def _file_name(request: Request, answer: Response) -> str:
    dates = [request.query_params.get(name) for name in ("startDate", "endDate")]
    kind = "csv" if answer.media_type == CSV_TYPE else "json"
    name = "_".join(["dataValues", *(day for day in dates if day)])
    return f'attachment; filename="{name}.{kind}"'


def _wants_csv(request: Request, behaviour: ValueBehaviour) -> bool:
    return (
        request.url.path.endswith(".csv")
        or request.query_params.get("format") == "csv"
        or (
            behaviour.reads_by_accept
            and request.headers.get("Accept", "").startswith(CSV_TYPE[:15])
        )
    )


def _packed(request: Request, answer: Response) -> Response:
    if request.query_params.get("compression") != "gzip":
        return answer
    return Response(gzip.compress(bytes(answer.body), mtime=0), media_type="application/gzip")


async def get_data_value(request: Request) -> Response:
    """Show the value of one cell."""
    return json_answer([get_value(context_of(request), parameters(request))])


async def delete_data_value(request: Request) -> Response:
    """Delete the value of one cell."""
    tombstones = behaviour_of(request).tombstones_for_nothing
    delete_value(context_of(request), parameters(request), leaves_tombstones=tombstones)
    return Response(status_code=204)


def routes() -> list[Route]:
    """The paths of this module."""
    sets = "/api/dataValueSets"
    table = [
        *((f"{sets}{ending}", get_data_values, "GET") for ending in ("", ".json", ".csv")),
        (sets, post_data_values, "POST"),
        ("/api/dataValues", get_data_value, "GET"),
        ("/api/dataValues", delete_data_value, "DELETE"),
    ]
    return [Route(path, endpoint, methods=[method]) for path, endpoint, method in table]
