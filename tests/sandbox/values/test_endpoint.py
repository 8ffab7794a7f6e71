"""Data values over HTTP: CSV, gzip, jobs, and what is refused before it is read."""

import gzip

import httpx
import pytest

from tests.sandbox.value_world import (
    DEFAULT,
    FORM_CELL,
    MONTH,
    row,
)


def test_csv_has_every_field_filled_on_both(client: httpx.Client) -> None:
    text = client.get("/api/dataValueSets.csv", params=FORM_CELL).text
    other = client.get("/api/dataValueSets", params={**FORM_CELL, "format": "csv"}).text

    header, first, second = text.splitlines()
    assert text == other
    assert header.startswith("dataelement,period,orgunit,categoryoptioncombo,attribute")
    assert first.startswith(f"deInteger01,202610,ouClinic001,{DEFAULT},{DEFAULT},1,clerk,")
    assert ",typed," in second


def test_a_read_may_be_asked_for_as_a_gzip_file(client: httpx.Client) -> None:
    answer = client.get("/api/dataValueSets", params={**FORM_CELL, "compression": "gzip"})

    assert b'"deInteger01"' in gzip.decompress(answer.content)


def test_a_body_may_be_packed(client: httpx.Client) -> None:
    body = b'{"dataSet":"dsForm00001","dataValues":[]}'

    assert client.post("/api/dataValueSets", content=gzip.compress(body)).status_code == 200


CSV = "dataelement,period,orgunit,categoryoptioncombo,attributeoptioncombo,value"


def test_csv_is_taken_with_the_columns_both_know(client: httpx.Client) -> None:
    header = {"Content-Type": "application/csv"}
    lines = f"{CSV}\ndeInteger01,{MONTH},ouClinic001,,,9\n"

    answer = client.post(
        "/api/dataValueSets", params={"dataSet": "dsForm00001"}, content=lines, headers=header
    )

    assert answer.json()["response"]["importCount"]["updated"] == 1
    one = {"de": "deInteger01", "pe": MONTH, "ou": "ouClinic001", "co": DEFAULT}
    assert client.get("/api/dataValues", params=one).json() == ["9"]


def test_an_import_may_wait_for_its_turn(client: httpx.Client) -> None:
    body = {"dataSet": "dsForm00001", "dataValues": [row(value="77")]}

    started = client.post("/api/dataValueSets", params={"async": "true"}, json=body).json()
    notes = [client.get(started["response"]["relativeNotifierEndpoint"]).json() for _ in range(4)]
    kind = started["response"]["id"]
    summary = client.get(f"/api/system/taskSummaries/DATAVALUE_IMPORT/{kind}").json()

    assert notes[0] == []
    assert notes[-1][0]["message"].startswith("Import complete with status SUCCESS")
    assert summary["importCount"]["updated"] == 1


DOOR = [
    ({"content": "hello", "headers": {"Content-Type": "text/plain"}}, 415),
    ({"content": CSV, "headers": {"Content-Type": "text/csv"}}, 415),
    ({"json": {}, "auth": ("guest", "district")}, 403),
]


@pytest.mark.parametrize(("request_members", "status"), DOOR)
def test_some_are_refused_at_the_door(
    client: httpx.Client, request_members: dict[str, object], status: int
) -> None:
    answer = client.post("/api/dataValueSets", **request_members)  # type: ignore[arg-type]  # a table of any members

    assert answer.status_code == status


def test_a_body_that_is_no_json_is_a_409_or_a_400(client: httpx.Client) -> None:
    statuses = {client.post("/api/dataValueSets", content=text).status_code for text in ("", "{")}

    assert statuses in ({409}, {400})
