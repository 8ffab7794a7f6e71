"""The endpoints of background jobs: start a table run, show notes, summary and state of a job."""

from collections.abc import Callable, Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.messages.envelopes import (
    NO_STORE,
    RefusalError,
    job_initiated,
    job_name,
    json_answer,
)
from sandbox.messages.fields import FieldReader, read_fields
from sandbox.messages.request import generation_of, user_of, world_of
from sandbox.state.generations import Generation
from sandbox.state.identifiers import uid
from sandbox.state.jobs import FAILED, JobError, advance, start_job
from sandbox.state.objects import objects_of
from sandbox.state.tables import ANALYTICS_TABLE, build
from sandbox.state.timestamps import local_time
from sandbox.state.world import Job, Json, World

MAINTENANCE = "F_PERFORM_MAINTENANCE"
TRACKED = "TRACKED_ENTITY_INSTANCE"
# What a parameter of a table run leaves out, as its job tells.
SKIPPED = {
    "skipAggregate": ("DATA_VALUE", "COMPLETENESS", "COMPLETENESS_TARGET"),
    "skipEvents": ("EVENT",),
    "skipEnrollment": ("ENROLLMENT",),
    "skipOrgUnitOwnership": ("OWNERSHIP",),
    "skipTrackedEntities": (TRACKED, f"{TRACKED}_EVENTS", f"{TRACKED}_ENROLLMENTS"),
    "skipValidationResult": ("VALIDATION_RESULT",),
}
KINDS = (
    *("RESOURCE_TABLE", ANALYTICS_TABLE, "AGGREGATE_DATA_EXCHANGE", "DATAVALUE_IMPORT"),
    *("METADATA_IMPORT", "TRACKER_IMPORT_JOB", "COMPLETE_DATA_SET_REGISTRATION_IMPORT"),
)


async def start_tables(request: Request) -> Response:
    """Start a table run; a second one while one runs is a job of its own."""
    user, world = user_of(request), world_of(request)
    if user.authorities.isdisjoint({MAINTENANCE, "ALL"}):
        raise RefusalError(403, f"Access is denied, requires one Authority from [{MAINTENANCE}]")
    kind = ANALYTICS_TABLE if request.url.path.endswith("analytics") else "RESOURCE_TABLE"
    skipped = [
        table
        for name, tables in SKIPPED.items()
        if request.query_params.get(name) == "true"
        for table in tables
    ]
    work = (
        table_run(world, generation_of(request), skipped)
        if kind == ANALYTICS_TABLE
        else lambda _job: None
    )
    return job_initiated(start_job(world, kind, work), str(request.base_url))


def table_run(
    world: World, generation: Generation, skipped: Sequence[str] = ()
) -> Callable[[Job], None]:
    """The work of a table run; a 2.43 without output period types cannot do it."""

    def work(_job: Job) -> None:
        if generation.needs_output_period_types and not world.output_period_types:
            raise JobError(
                "processing aborted: skipped stage, failing item caused abort."
                " 0 successful and 1 failed items"
            )
        build(world, skipped)

    return work


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
    """Show the notes of a job, newest first; nothing before it starts or if it never was."""
    world, kind = world_of(request), _kind(request)
    job = world.jobs.get(request.path_params["id"])
    if job is None or job.kind != kind:
        return json_answer([], headers=NO_STORE)
    advance(job, world)
    notes = job.notes[::-1]
    if job.last_status == FAILED and generation_of(request).forgets_failed_tasks:
        job.notes = []
    return json_answer(notes, headers=NO_STORE)


async def tasks(request: Request) -> Response:
    """Show the first and the last note of each job of each kind, or of one kind."""
    world = world_of(request)
    kinds = [_kind(request)] if "kind" in request.path_params else KINDS
    ends: Json = {
        kind: {job.id: _ends(job) for job in world.jobs.values() if job.kind == kind}
        for kind in kinds
    }
    return json_answer(ends[kinds[0]] if len(kinds) == 1 else ends, headers=NO_STORE)


def _ends(job: Job) -> list[Json]:
    notes = job.notes[::-1]
    return notes if len(notes) < 2 else [notes[0], notes[-1]]  # noqa: PLR2004 - first and last


async def task_summary(request: Request) -> Response:
    """Show the summary of a job, or nothing with status 200 while there is none."""
    _kind(request)
    job = world_of(request).jobs.get(request.path_params["id"])
    if job is None or job.summary is None:
        return Response(status_code=200, headers=NO_STORE)
    return json_answer(job.summary, headers=NO_STORE)


async def job_configuration(request: Request) -> Response:
    """Show the state of a job, which comes a step nearer to its end by that."""
    world: World = world_of(request)
    key = request.path_params["id"]
    job = world.jobs.get(key)
    if job is None:
        raise RefusalError(404, f"JobConfiguration with id {key} could not be found.", "E1005")
    advance(job, world)
    state: Json = {
        "id": job.id,
        "name": job_name(job),
        "jobType": job.kind,
        "schedulingType": "ONCE_ASAP",
        "jobStatus": job.status,
        "lastExecutedStatus": job.last_status,
        "created": local_time(job.created),
        "enabled": job.finished is None,
        "errorCodes": "",
    }
    if job.finished is not None:
        state |= {"lastExecuted": local_time(job.created), "lastFinished": local_time(job.finished)}
    fields = read_fields(request.query_params.get("fields", "*"))
    return json_answer(FieldReader(objects_of(world)).show(state, fields))


async def job_configurations(request: Request) -> Response:
    """Show the runs of analytics tables that ended well; everybody may see them."""
    world = world_of(request)
    fields = read_fields(request.query_params.get("fields", "id,name"))
    reader = FieldReader(objects_of(world))
    listed = [
        reader.show(
            {
                "id": uid(f"{ANALYTICS_TABLE} run {number}"),
                "name": f"{ANALYTICS_TABLE} ({number})",
                "jobType": ANALYTICS_TABLE,
                "schedulingType": "ONCE_ASAP",
                "jobStatus": "DISABLED",
                "lastExecuted": local_time(run.started),
                "lastExecutedStatus": "COMPLETED",
                "jobParameters": {
                    "skipTableTypes": list(run.skipped),
                    "skipPrograms": [],
                    "skipResourceTables": False,
                    "skipOutliers": False,
                },
            },
            fields,
        )
        for number, run in enumerate(world.table_runs)
    ]
    return json_answer({"jobConfigurations": listed})


def routes() -> list[Route]:
    """The paths of this module."""
    return [
        Route("/api/resourceTables", start_tables, methods=["POST"]),
        Route("/api/resourceTables/analytics", start_tables, methods=["POST"]),
        Route("/api/system/tasks", tasks),
        Route("/api/system/tasks/{kind}", tasks),
        Route("/api/system/tasks/{kind}/{id}", task_notes),
        Route("/api/system/taskSummaries/{kind}/{id}", task_summary),
        Route("/api/jobConfigurations", job_configurations),
        Route("/api/jobConfigurations/{id}", job_configuration),
    ]
