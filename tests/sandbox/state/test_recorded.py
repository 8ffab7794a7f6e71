"""The sandbox answers analytics as the recorded servers did, question by question."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from sandbox.http.server import Sandbox, running
from sandbox.state.recorded import load_recorded_world, read_json

RECORDED = Path(__file__).parents[2] / "recordings" / "world"
QUESTIONS = sorted(path.name for path in (RECORDED / "analytics").iterdir())
KEY = ("dataElement", "period", "orgUnit", "categoryOptionCombo", "attributeOptionCombo", "value")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running(load_recorded_world(RECORDED), "2.43") as running_sandbox:
        yield running_sandbox


@pytest.fixture(scope="module")
def client(sandbox: Sandbox) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=sandbox.url, auth=("admin", "district"), timeout=30) as opened:
        yield opened


def cells(body: dict[str, list[dict[str, str]]]) -> list[str]:
    if "rows" in body:
        names = [header["name"] for header in body["headers"]]
        listed = [dict(zip(names, row, strict=True)) for row in body["rows"]]
    else:
        listed = [{name: value.get(name) for name in KEY} for value in body["dataValues"]]
    return sorted(json.dumps(cell, sort_keys=True) for cell in listed)


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_recorded_question_gets_the_recorded_cells(
    question: str, client: httpx.Client
) -> None:
    recorded = read_json(RECORDED / "analytics" / question)

    answer = client.get(recorded["path"])

    assert answer.status_code == recorded["status"]
    assert cells(answer.json()) == cells(recorded["body"])


def test_csv_gives_the_cells_of_the_grid(client: httpx.Client) -> None:
    recorded = read_json(RECORDED / "analytics" / "grid-disaggregated-PI_DIS_CASES.json.gz")
    question = urlsplit(recorded["path"]).query

    answer = client.get(f"/api/analytics.csv?{question}")

    header, *lines = answer.text.splitlines()
    assert answer.headers["content-type"] == "application/csv;charset=UTF-8"
    assert header == "Data,Period,Organisation unit,Sex,Age group,Value"
    assert sorted(lines) == sorted(",".join(row) for row in recorded["body"]["rows"])


def test_the_disaggregated_cells_are_the_truth_that_was_counted_from_events(
    client: httpx.Client,
) -> None:
    metadata = read_json(RECORDED / "metadata.json.gz")
    codes = {combo["id"]: combo.get("code") for combo in metadata["categoryOptionCombos"]}
    truth = read_json(RECORDED / "truth.json.gz")
    recorded = read_json(RECORDED / "analytics" / "set-disaggregated-level-4.json.gz")
    wanted = {
        (cell["coc"], cell["ou"], cell["pe"], cell["value"])
        for cell in truth
        if cell["target"] == "TGT_CASES"
    }

    values = client.get(recorded["path"]).json()["dataValues"]

    assert {
        (codes[v["categoryOptionCombo"]], v["orgUnit"], v["period"], int(v["value"]))
        for v in values
        if v["dataElement"] == "TGT_CASES"
    } == wanted
