"""A job waits, runs and is done, and its notes say how it ended."""

import httpx

from sandbox.http.server import Sandbox


def test_a_table_run_waits_runs_and_is_done(client: httpx.Client) -> None:
    admin = ("admin", "district")
    job = client.post("/api/resourceTables/analytics", auth=admin).json()["response"]
    notes = [client.get(job["relativeNotifierEndpoint"]).json() for _ in range(3)]
    state = client.get(f"/api/jobConfigurations/{job['id']}?fields=jobStatus,lastExecutedStatus")

    assert notes[0] == []
    assert [note["completed"] for note in notes[1]] == [False]
    assert notes[2][0]["completed"]
    assert state.json() == {"jobStatus": "DISABLED", "lastExecutedStatus": "COMPLETED"}


def test_a_new_server_without_output_period_types_cannot_build_its_tables(
    sandbox: Sandbox, client: httpx.Client
) -> None:
    sandbox.world.output_period_types = []
    sandbox.world.job_patience = 0
    job = client.post("/api/resourceTables/analytics", auth=("admin", "district")).json()
    endpoint = job["response"]["relativeNotifierEndpoint"]

    first, second = client.get(endpoint).json(), client.get(endpoint).json()

    assert (first[0]["level"], first[0]["completed"]) == ("ERROR", True)
    assert second == []


def test_the_list_of_jobs_tells_what_each_run_left_out(
    sandbox: Sandbox, client: httpx.Client
) -> None:
    sandbox.world.table_runs.clear()
    sandbox.world.job_patience = 0
    before = sandbox.world.built
    parameters = {"skipEvents": "true", "skipAggregate": "true"}
    job = client.post(
        "/api/resourceTables/analytics", params=parameters, auth=("admin", "district")
    ).json()["response"]
    client.get(job["relativeNotifierEndpoint"])

    listed = client.get("/api/jobConfigurations?fields=jobType,lastExecutedStatus,jobParameters")

    (run,) = listed.json()["jobConfigurations"]
    assert (run["jobType"], run["lastExecutedStatus"]) == ("ANALYTICS_TABLE", "COMPLETED")
    assert run["jobParameters"]["skipTableTypes"] == [
        *("DATA_VALUE", "COMPLETENESS", "COMPLETENESS_TARGET", "EVENT"),
    ]
    assert sandbox.world.built is before
