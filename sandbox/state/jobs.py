"""Background jobs: how they start, move on, end, and what notes they leave."""

from collections.abc import Callable

from sandbox.state.identifiers import uid
from sandbox.state.tables import ANALYTICS_TABLE, RUNTIME
from sandbox.state.timestamps import local_time
from sandbox.state.world import Job, Json, World

SCHEDULED, RUNNING, DISABLED = "SCHEDULED", "RUNNING", "DISABLED"
COMPLETED, FAILED = "COMPLETED", "FAILED"
LAST_NOTES = {ANALYTICS_TABLE: f"Analytics tables updated: {RUNTIME}"}


class JobError(Exception):
    """A job that cannot be done; its text becomes the last note."""


def start_job(world: World, kind: str, work: Callable[[Job], Json | None]) -> Job:
    """A new job that waits for its turn; `work` gives its summary when the turn comes."""
    key = uid(f"{kind} {len(world.jobs)}")
    job = Job(id=key, kind=kind, created=world.clock(), work=work)
    world.jobs[key] = job
    return job


def advance(job: Job, world: World) -> None:
    """Bring a job that was asked about a step nearer to its end."""
    if job.finished is not None:
        return
    job.asked += 1
    if job.asked <= world.job_patience:
        return
    if job.status == SCHEDULED and world.job_patience:
        job.status = RUNNING
        note(job, world, "Job started")
        return
    run(job, world)


def run(job: Job, world: World) -> None:
    """Do a job to its end and note how it ended."""
    try:
        job.summary = job.work(job)
    except JobError as reason:
        job.last_status = FAILED
        note(job, world, str(reason), level="ERROR", completed=True)
    else:
        job.last_status = COMPLETED
        if not any(line["completed"] for line in job.notes):
            note(job, world, LAST_NOTES.get(job.kind, "Job done"), completed=True)
    job.status = DISABLED
    job.finished = world.clock()


def note(
    job: Job, world: World, message: str, *, level: str = "INFO", completed: bool = False
) -> None:
    """Add a note to a job."""
    key = uid(f"{job.id} {len(job.notes)}")
    job.notes.append(
        {
            "uid": key,
            "id": key,
            "level": level,
            "category": job.kind,
            "message": message,
            "completed": completed,
            "time": local_time(world.clock()),
        }
    )
