"""The sandbox on the wire: it is up at once, knows its visitors, and fails when it is told to."""

from collections.abc import Iterator
from datetime import date

import httpx
import pytest

from sandbox.country.build import invent_country
from sandbox.http.server import Sandbox, running, serve
from sandbox.state.identifiers import uid
from tests.support import faults

TALLY = ("tally", "district")


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with running(invent_country(date(2026, 11, 20)), "2.43") as running_sandbox:
        yield running_sandbox


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=sandbox.url, auth=TALLY, timeout=30) as opened:
        yield opened


def cases(client: httpx.Client, *indicators: str) -> httpx.Response:
    dx = ";".join(uid(code) for code in indicators)
    dimensions = [f"dx:{dx}", "pe:202610", "ou:LEVEL-4"]
    return client.get("/api/analytics.json", params={"dimension": dimensions})


def test_every_request_is_written_down(sandbox: Sandbox, client: httpx.Client) -> None:
    client.get("/api/43/me/?fields=id")
    client.post("/api/resourceTables/analytics", auth=None)

    assert sandbox.requests[0] == ("GET", "/api/me", "fields=id", "tally")
    assert sandbox.posts("/api/resourceTables") == 1


def test_a_path_nobody_knows_is_a_page(client: httpx.Client) -> None:
    answer = client.get("/api/noSuchThing")

    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")


def test_a_session_opens_the_door_that_a_password_opened(client: httpx.Client) -> None:
    client.get("/api/me")

    answer = client.get("/api/me?fields=username", auth=None)

    assert answer.json() == {"username": "tally"}


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


def test_a_night_passes_by_one_call(sandbox: Sandbox, client: httpx.Client) -> None:
    happened = client.post("/sandbox/next-night?build=false", auth=None).json()

    assert (happened["night"], happened["tables_built"]) == (1, False)
    assert client.get("/api/system/info").json()["serverDate"].startswith("2026-11-21")


def test_a_broken_indicator_vanishes_from_a_joint_answer_and_is_refused_alone(
    sandbox: Sandbox, client: httpx.Client
) -> None:
    sandbox.world.broken = {uid("PI_TESTS_F"): "42703"}

    joint = cases(client, "PI_TESTS_F", "PI_TESTS_M").json()
    alone = cases(client, "PI_TESTS_F")

    assert {row[0] for row in joint["rows"]} == {uid("PI_TESTS_M")}
    assert uid("PI_TESTS_F") in joint["metaData"]["dimensions"]["dx"]
    assert (alone.status_code, alone.json()["errorCode"]) == (409, "E7145")


def test_rows_come_in_another_order_tomorrow(sandbox: Sandbox, client: httpx.Client) -> None:
    today = cases(client, "PI_CASES_ALL").json()["rows"]
    client.post("/sandbox/next-night?build=false", auth=None)

    tomorrow = cases(client, "PI_CASES_ALL").json()["rows"]

    assert sorted(today) == sorted(tomorrow)
    assert today != tomorrow


def test_doses_carry_an_attribute_option_combo(client: httpx.Client) -> None:
    dimensions = [f"dx:{uid('PI_DOSES')}", "pe:202610", "ou:LEVEL-1"]

    values = client.get("/api/analytics/dataValueSet.json", params={"dimension": dimensions})

    combos = {
        (value["categoryOptionCombo"], value["attributeOptionCombo"])
        for value in values.json()["dataValues"]
    }
    assert combos == {
        (uid(sex), uid(place))
        for sex in ("COC_M", "COC_F")
        for place in ("COC_FIXED", "COC_OUTREACH")
    }


def test_a_busy_server_says_when_to_come_back(sandbox: Sandbox, client: httpx.Client) -> None:
    sandbox.faults.append(faults.first(2, "/api/me", faults.unavailable("3")))

    answers = [client.get("/api/me") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [503, 503, 200]
    assert answers[0].headers["Retry-After"] == "3"


def test_an_answer_can_be_cut_off(sandbox: Sandbox, client: httpx.Client) -> None:
    sandbox.faults.append(faults.first(1, "/api/me", faults.cut_after(10)))

    with pytest.raises(httpx.RemoteProtocolError):
        client.get("/api/me")

    assert client.get("/api/me").status_code == 200


def test_a_connection_can_be_torn(sandbox: Sandbox, client: httpx.Client) -> None:
    sandbox.faults.append(faults.first(1, "/api/me", faults.torn()))

    with pytest.raises(httpx.ReadError, match="reset by peer"):
        client.get("/api/me")

    assert client.get("/api/me").status_code == 200


def test_an_answer_can_be_lost_after_the_deed(sandbox: Sandbox, client: httpx.Client) -> None:
    sandbox.faults.append(faults.first(1, "/sandbox/next-night", faults.answer_lost()))

    lost = client.post("/sandbox/next-night")

    assert lost.status_code == 502
    assert sandbox.world.extra["nights"] == 1


def test_an_answer_can_lie(sandbox: Sandbox, client: httpx.Client) -> None:
    sandbox.faults.append(
        faults.first(1, "/api/me", faults.lying(lambda told: told | {"username": "somebody"}))
    )

    assert client.get("/api/me").json()["username"] == "somebody"


def test_a_mean_is_taken_over_what_was_asked(client: httpx.Client) -> None:
    def mean(units: str) -> list[str]:
        dimensions = [f"dx:{uid('PI_WEIGHT')}", "pe:2026Q3", f"ou:{units}"]
        answer = client.get("/api/analytics.csv", params={"dimension": dimensions})
        return [line.rpartition(",")[2] for line in answer.text.splitlines()[1:]]

    whole, parts = mean("LEVEL-1"), mean("LEVEL-2")

    assert len(whole) == 1
    assert min(parts) <= whole[0] <= max(parts)


def test_a_page_can_stand_where_an_answer_was_expected(
    sandbox: Sandbox, client: httpx.Client
) -> None:
    sandbox.faults.append(faults.first(1, "/api/me", faults.html_instead()))

    assert client.get("/api/me").headers["content-type"].startswith("text/html")


def test_only_loopback_is_served(sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match="serves 127"):
        serve(sandbox.world, "2.43", host="0.0.0.0", port=0)  # noqa: S104 - what must not be
