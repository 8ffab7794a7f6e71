"""Settings are shown with their defaults, and changed by a text."""

import httpx

from sandbox.http.server import Sandbox, running
from sandbox.state.world import User
from tests.sandbox.value_world import OLD, small_world

LIMIT = "/api/systemSettings/keyAnalyticsMaxLimit"


def test_a_changed_setting_is_a_number_where_its_default_is_one(
    sandbox: Sandbox, client: httpx.Client
) -> None:
    assert client.get(LIMIT).json() == {"keyAnalyticsMaxLimit": 100000}

    client.post(LIMIT, content="500")

    assert client.get(LIMIT).json() == {"keyAnalyticsMaxLimit": 500}
    assert client.get("/api/systemSettings").json()["keyAnalyticsMaxLimit"] == 500
    assert sandbox.world.settings == {"keyAnalyticsMaxLimit": "500"}


def test_a_setting_that_nobody_knows_is_not_found(client: httpx.Client) -> None:
    answer = client.get("/api/systemSettings/keyColour")

    assert (answer.status_code, answer.json()["errorCode"]) == (404, "E1005")


def test_only_the_new_server_has_output_period_types(client: httpx.Client) -> None:
    path = "/api/configuration/dataOutputPeriodTypes"
    old = small_world()
    old.users = {"clerk": User("clerk", password="district")}

    client.post(path, json=[{"name": "Monthly"}])
    with running(old, OLD) as sandbox:
        unknown = httpx.get(sandbox.url + path, auth=("clerk", "district"))

    assert client.get(path).json() == [{"name": "Monthly"}]
    assert unknown.status_code == 404
