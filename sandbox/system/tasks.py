"""The endpoints of background work: start a table run, ask how jobs are getting on."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.http.envelopes import RefusalError, json_answer, web_message
from sandbox.http.request import generation_of, user_of, world_of
from sandbox.metadata.fields import Reader, read_fields
from sandbox.state.objects import objects_of
from sandbox.state.world import Job, Json, World
from sandbox.system.info import NO_STORE, moment
from sandbox.system.jobs import FAILED, TABLES, move_on, start_job, table_run

MAINTENANCE = "F_PERFORM_MAINTENANCE"
KINDS = (
    *("RESOURCE_TABLE", TABLES, "AGGREGATE_DATA_EXCHANGE", "DATAVALUE_IMPORT"),
    *("METADATA_IMPORT", "TRACKER_IMPORT_JOB", "COMPLETE_DATA_SET_REGISTRATION_IMPORT"),
)


async def start_tables(request: Request) -> Response:
    """Start a table run; a second one while one runs is a job of its own."""
    user, world = user_of(request), world_of(request)
    if user.authorities.isdisjoint({MAINTENANCE, "ALL"}):
        raise RefusalError(403, f"Access is denied, requires one Authority from [{MAINTENANCE}]")
    kind = TABLES if request.url.path.endswith("analytics") else "RESOURCE_TABLE"
    work = table_run(world, generation_of(request)) if kind == TABLES else lambda _job: None
    return initiated(start_job(world, kind, work), request)


def initiated(job: Job, request: Request) -> Response:
    """Answer that a job was started, and where to ask about it."""
    name = f"{job.kind} ({int(job.created.timestamp() * 1000)})"
    tasks = f"/api/system/tasks/{job.kind}"
    return web_message(
        200,
        f"Initiated {name}",
        response={
            "name": name,
            "id": job.id,
            "created": moment(job.created),
            "jobType": job.kind,
            "jobStatus": "NOT_STARTED",
            "relativeNotifierEndpoint": f"{tasks}/{job.id}",
            "responseType": "JobConfigurationWebMessageResponse",
        },
        headers={"Location": str(request.base_url).rstrip("/") + tasks},
    )


def _kind(request: Request) -> str:
    kind = str(request.path_params["kind"])
    if kind not in KINDS:
        raise RefusalError(
            400,
            f"Value '{kind}' is not valid for path parameter jobType."
            f" Valid values are: [{', '.join(KINDS)}]",
        )
    return kind


async def task_notes(request: Request) -> Response:
    """Tell the notes of a job, newest first; nothing before it starts or if it never was."""
    world, kind = world_of(request), _kind(request)
    job = world.jobs.get(request.path_params["id"])
    if job is None or job.kind != kind:
        return json_answer([], headers=NO_STORE)
    move_on(job, world)
    notes = job.notes[::-1]
    if job.last_status == FAILED and generation_of(request).forgets_failed_tasks:
        job.notes = []
    return json_answer(notes, headers=NO_STORE)


async def tasks(request: Request) -> Response:
    """Tell the first and the last note of each job of each kind, or of one kind."""
    world = world_of(request)
    asked = [_kind(request)] if "kind" in request.path_params else KINDS
    told: Json = {
        kind: {job.id: _ends(job) for job in world.jobs.values() if job.kind == kind}
        for kind in asked
    }
    return json_answer(told[asked[0]] if len(asked) == 1 else told, headers=NO_STORE)


def _ends(job: Job) -> list[Json]:
    notes = job.notes[::-1]
    return notes if len(notes) < 2 else [notes[0], notes[-1]]  # noqa: PLR2004 - first and last


async def task_summary(request: Request) -> Response:
    """Tell the summary of a job, or nothing with status 200 while there is none."""
    _kind(request)
    job = world_of(request).jobs.get(request.path_params["id"])
    if job is None or job.summary is None:
        return Response(status_code=200, headers=NO_STORE)
    return json_answer(job.summary, headers=NO_STORE)


async def job_configuration(request: Request) -> Response:
    """Tell the state of a job."""
    world: World = world_of(request)
    key = request.path_params["id"]
    job = world.jobs.get(key)
    if job is None:
        raise RefusalError(404, f"JobConfiguration with id {key} could not be found.", "E1005")
    move_on(job, world)
    told: Json = {
        "id": job.id,
        "name": f"{job.kind} ({int(job.created.timestamp() * 1000)})",
        "jobType": job.kind,
        "schedulingType": "ONCE_ASAP",
        "jobStatus": job.status,
        "lastExecutedStatus": job.last_status,
        "created": moment(job.created),
        "enabled": job.finished is None,
        "errorCodes": "",
    }
    if job.finished is not None:
        told |= {"lastExecuted": moment(job.created), "lastFinished": moment(job.finished)}
    fields = read_fields(request.query_params.get("fields", "*"))
    return json_answer(Reader(objects_of(world)).show(told, fields))


def routes() -> list[Route]:
    """Give the paths of this module."""
    return [
        Route("/api/resourceTables", start_tables, methods=["POST"]),
        Route("/api/resourceTables/analytics", start_tables, methods=["POST", "PUT"]),
        Route("/api/system/tasks", tasks),
        Route("/api/system/tasks/{kind}", tasks),
        Route("/api/system/tasks/{kind}/{id}", task_notes),
        Route("/api/system/taskSummaries/{kind}/{id}", task_summary),
        Route("/api/jobConfigurations/{id}", job_configuration),
    ]
