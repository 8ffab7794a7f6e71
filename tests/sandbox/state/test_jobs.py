"""A job waits, runs and ends a step at each question, and its notes say how."""

from sandbox.state.jobs import JobError, advance, note, start_job
from sandbox.state.world import Job
from tests.sandbox.value_world import small_world


def test_a_job_that_nobody_asks_about_does_not_run() -> None:
    world = small_world()
    job = start_job(world, "ANALYTICS_TABLE", lambda _job: None)

    assert (job.status, job.notes, world.jobs) == ("SCHEDULED", [], {job.id: job})


def test_a_job_waits_runs_and_is_done() -> None:
    world = small_world()
    job = start_job(world, "ANALYTICS_TABLE", lambda _job: {"done": True})

    states = []
    for _ in range(4):
        advance(job, world)
        states.append(job.status)

    assert states == ["SCHEDULED", "RUNNING", "DISABLED", "DISABLED"]
    assert (job.last_status, job.summary) == ("COMPLETED", {"done": True})
    assert [line["completed"] for line in job.notes] == [False, True]
    assert job.notes[-1]["message"].startswith("Analytics tables updated")


def test_a_job_that_fails_says_why_in_its_last_note() -> None:
    def fail(_job: Job) -> None:
        raise JobError("no room")

    world = small_world()
    world.job_patience = 0
    job = start_job(world, "ANALYTICS_TABLE", fail)

    advance(job, world)

    assert (job.status, job.last_status) == ("DISABLED", "FAILED")
    assert [(line["level"], line["message"]) for line in job.notes] == [("ERROR", "no room")]


def test_work_that_notes_its_own_end_gets_no_second_last_note() -> None:
    world = small_world()
    world.job_patience = 0

    def work(job: Job) -> None:
        note(job, world, "all in", completed=True)

    job = start_job(world, "DATAVALUE_IMPORT", work)
    advance(job, world)

    assert [line["message"] for line in job.notes] == ["all in"]
