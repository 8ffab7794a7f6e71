"""Work in the background: table runs and asynchronous imports, their notes and their states."""

from collections.abc import Callable

from sandbox.country.identifiers import uid
from sandbox.state.generations import Generation
from sandbox.state.register import Place, Register
from sandbox.state.tree import tree_of
from sandbox.state.world import Job, Json, World
from sandbox.system.info import moment

TABLES = "ANALYTICS_TABLE"
SCHEDULED, RUNNING, DISABLED = "SCHEDULED", "RUNNING", "DISABLED"
COMPLETED, FAILED = "COMPLETED", "FAILED"
RUNTIME = "00:00:10.957"


class JobError(Exception):
    """A job that cannot be done; its text becomes the last note."""


def start_job(world: World, kind: str, work: Callable[[Job], Json | None]) -> Job:
    """Give a new job that waits for its turn; `work` gives its summary when the turn comes."""
    key = uid(f"{kind} {len(world.jobs)}")
    job = Job(id=key, kind=kind, created=world.clock(), work=work)
    world.jobs[key] = job
    return job


def move_on(job: Job, world: World) -> None:
    """Let a job that was asked about come a step nearer to its end."""
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
            note(job, world, ENDINGS.get(job.kind, "Job done"), completed=True)
    job.status = DISABLED
    job.finished = world.clock()


ENDINGS = {TABLES: f"Analytics tables updated: {RUNTIME}"}


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
            "time": moment(world.clock()),
        }
    )


def table_run(world: World, generation: Generation) -> Callable[[Job], None]:
    """Give the work of a table run."""

    def work(_job: Job) -> None:
        if generation.needs_output_period_types and not world.output_period_types:
            raise JobError(
                "processing aborted: skipped stage, failing item caused abort."
                " 0 successful and 1 failed items"
            )
        build(world)

    return work


def build(world: World) -> None:
    """Build the analytics tables: what tracker and the stored values say now is what they hold.

    Without any stored number there is no table of elements; zeros do not enter it.
    """
    world.built = world.answers.snapshot()
    elements = Register(tree_of(world).paths)
    stored = False
    for key, value in world.values.items():
        if value.deleted or value.value is None:
            continue
        stored = True
        number = _number(value.value)
        if number:
            place = Place(key.period, key.org_unit, (key.category_option_combo,))
            so_far = elements.counts.get(key.data_element, {}).get(place, 0)
            elements.count(key.data_element, place, so_far + number)
    world.built_elements = elements if stored else None
    world.last_analytics_success = world.clock()
    world.analytics_runtime = RUNTIME


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
