"""What a read gives back, and in what shape: everything everywhere, or each thing once."""

import gzip
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from sandbox.http.server import running
from sandbox.messages.envelopes import RefusalError
from sandbox.state.world import User, World
from sandbox.values.selection import EmptyAnswerError
from tests.sandbox.value_world import (
    ADMIN,
    CLERK,
    DEFAULT,
    MONTH,
    NEIGHBOUR,
    NOW,
    look,
    row,
    send,
    small_world,
    table,
)

OLD, NEW = "2.42", "2.43"
FORM = {"dataSet": "dsForm00001", "period": MONTH, "orgUnit": "ouClinic001"}
COUNTRY = FORM | {"orgUnit": "ouCountry01", "children": "true"}


def filled(generation: str) -> World:
    world = small_world()
    send(world, generation, [row(value="1"), row(value="2", orgUnit="ouClinic002")])
    send(world, generation, [row("deText00001", "gone"), row("deNumber001", "3", comment="typed")])
    send(world, generation, [row("deText00001", "gone", deleted=True)])
    return world


def test_the_old_server_writes_every_field_into_every_value() -> None:
    answer = look(filled(OLD), OLD, FORM)

    assert {name: answer[name] for name in FORM} == FORM
    assert answer["dataValues"][0] == {
        "dataElement": "deInteger01",
        "period": MONTH,
        "orgUnit": "ouClinic001",
        "categoryOptionCombo": DEFAULT,
        "attributeOptionCombo": DEFAULT,
        "value": "1",
        "storedBy": "clerk",
        "created": "2026-11-23T12:00:00.000+0000",
        "lastUpdated": "2026-11-23T12:00:00.000+0000",
        "comment": None,
        "followup": False,
    }


def test_the_new_server_says_once_what_the_query_named_once() -> None:
    answer = look(filled(NEW), NEW, FORM)

    assert {name: answer[name] for name in FORM} == FORM
    assert answer["dataValues"][0] == {
        "dataElement": "deInteger01",
        "categoryOptionCombo": DEFAULT,
        "attributeOptionCombo": DEFAULT,
        "value": "1",
        "storedBy": "clerk",
        "created": "2026-11-23T12:00:00.000+0000",
        "lastUpdated": "2026-11-23T12:00:00.000+0000",
    }


ROOTS = table("""
    asked                        | old                                | new
    one of each                  | completeDate dataSet orgUnit period | dataSet orgUnit period
    children                     | completeDate dataSet orgUnit period | dataSet period
    two periods                  |                                    | dataSet orgUnit
    an attribute option combo    | completeDate dataSet orgUnit period | attributeOptionCombo dataSet orgUnit period
    elements instead of a set    |                                    | orgUnit period
""")  # noqa: E501 - a line of the table is a line of the table
QUERIES = {
    "one of each": FORM,
    "children": COUNTRY,
    "two periods": FORM | {"period": [MONTH, "202609"]},
    "an attribute option combo": FORM | {"attributeOptionCombo": DEFAULT},
    "elements instead of a set": {
        "dataElement": "deInteger01",
        "period": MONTH,
        "orgUnit": "ouClinic001",
    },
}


@pytest.mark.parametrize(("asked", "old", "new"), ROOTS)
def test_what_stands_at_the_root(asked: str, old: str, new: str) -> None:
    for generation, expected in ((OLD, old), (NEW, new)):
        answer = look(filled(generation), generation, QUERIES[asked])

        assert sorted(set(answer) - {"dataValues"}) == expected.split()


def test_deleted_values_come_only_when_asked_for() -> None:
    for generation in (OLD, NEW):
        world = filled(generation)
        usual = look(world, generation, FORM)["dataValues"]
        everything = look(world, generation, FORM | {"includeDeleted": "true"})["dataValues"]

        assert [value["value"] for value in usual] == ["1", "3"]
        assert [value["value"] for value in everything if value.get("deleted")] == ["gone"]


NARROWED = [
    ({"lastUpdated": "2026-11-23"}, 3),
    ({"lastUpdated": "2026-11-24"}, 0),
    ({"lastUpdatedDuration": "1d"}, 3),
    ({"limit": "1"}, 1),
    ({"limit": "0"}, 0),
    ({"attributeOptionCombo": "cocBoys0001"}, 0),
]


@pytest.mark.parametrize(("more", "found"), NARROWED)
def test_a_read_may_be_narrowed(more: dict[str, str], found: int) -> None:
    for generation in (OLD, NEW):
        assert len(look(filled(generation), generation, COUNTRY | more)["dataValues"]) == found


DATES = table("""
    first      | last       | found
    2026-10-01 | 2026-10-31 | 2
    2026-08-15 | 2026-11-15 | 2
    2026-10-02 | 2026-10-31 | 0
    2026-10-01 | 2026-10-30 | 0
""")


@pytest.mark.parametrize(("first", "last", "found"), DATES)
def test_dates_give_the_periods_that_lie_wholly_between_them(
    first: str, last: str, found: str
) -> None:
    query = {"dataSet": "dsForm00001", "orgUnit": "ouClinic001"}
    for generation in (OLD, NEW):
        answer = look(
            filled(generation), generation, {**query, "startDate": first, "endDate": last}
        )

        assert len(answer["dataValues"]) == int(found)


REFUSED = [
    ({"period": MONTH, "orgUnit": "ouClinic001"}, "E2001", "E2001"),
    ({"dataSet": "dsForm00001", "orgUnit": "ouClinic001"}, "E2002", "E2002"),
    ({"dataSet": "dsForm00001", "period": MONTH}, "E2006", "E2006"),
    (FORM | {"dataSet": "dsNowhere01"}, "E2001", "0 values"),
    (FORM | {"orgUnit": "ouNowhere01"}, "E2006", "0 values"),
    (FORM | {"period": "2025XX"}, "E2002", "400"),
    (FORM | {"limit": "many"}, "400", "400"),
    (FORM | {"lastUpdated": "yesterday"}, "400", "400"),
    (FORM | {"orgUnitGroup": "group", "children": "true"}, "E2008", "E2007"),
    (
        {"dataSet": "dsForm00001", "orgUnit": "ouClinic001", "lastUpdated": "2026-11-23"},
        "2 values",
        "E2002",
    ),
]


@pytest.mark.parametrize(("query", "old", "new"), REFUSED)
def test_a_question_that_lacks_something_or_cannot_be_read_is_refused(
    query: dict[str, str], old: str, new: str
) -> None:
    for generation, expected in ((OLD, old), (NEW, new)):
        try:
            told = f"{len(look(filled(generation), generation, query)['dataValues'])} values"
        except RefusalError as refusal:
            told = refusal.code or str(refusal.status)

        assert (generation, told) == (generation, expected)


def test_outside_the_tree_the_old_server_is_silent_and_the_new_one_says_so() -> None:
    with pytest.raises(EmptyAnswerError):
        look(filled(OLD), OLD, FORM, NEIGHBOUR)
    with pytest.raises(RefusalError, match="not allowed to view") as refusal:
        look(filled(NEW), NEW, FORM, NEIGHBOUR)
    assert refusal.value.code == "E2012"


def test_an_org_unit_group_is_empty_on_the_new_server_for_all_but_superusers() -> None:
    query = {"dataSet": "dsForm00001", "period": MONTH, "orgUnitGroup": "oug00000001"}
    group = {"id": "oug00000001", "organisationUnits": [{"id": "ouClinic001"}]}
    for generation, user, found in ((OLD, CLERK, 2), (NEW, CLERK, 0), (NEW, ADMIN, 2)):
        world = filled(generation)
        world.metadata["organisationUnitGroups"] = [group]

        assert len(look(world, generation, query, user)["dataValues"]) == found


def test_a_name_that_is_missing_is_null_on_the_old_server_and_refuses_on_the_new() -> None:
    query = FORM | {"orgUnitIdScheme": "CODE"}

    answer = look(filled(OLD), OLD, query)
    assert {value["orgUnit"] for value in answer["dataValues"]} == {None}
    with pytest.raises(RefusalError, match="Export as CODE not possible") as refusal:
        look(filled(NEW), NEW, query)
    assert refusal.value.code == "E8202"


@pytest.fixture(params=[OLD, NEW])
def client(request: pytest.FixtureRequest) -> Iterator[httpx.Client]:
    world = filled(request.param)
    clerk = User(
        "clerk",
        password="district",
        authorities=frozenset({"F_DATAVALUE_ADD"}),
        org_units=("ouCountry01",),
    )
    world.users = {"clerk": clerk, "guest": User("guest", password="district")}
    with (
        running(world, request.param) as sandbox,
        httpx.Client(base_url=sandbox.url, auth=("clerk", "district"), timeout=30) as opened,
    ):
        yield opened


def test_csv_has_every_field_filled_on_both(client: httpx.Client) -> None:
    text = client.get("/api/dataValueSets.csv", params=FORM).text
    other = client.get("/api/dataValueSets", params={**FORM, "format": "csv"}).text

    header, first, second = text.splitlines()
    assert text == other
    assert header.startswith("dataelement,period,orgunit,categoryoptioncombo,attribute")
    assert first.startswith(f"deInteger01,202610,ouClinic001,{DEFAULT},{DEFAULT},1,clerk,")
    assert ",typed," in second


def test_a_read_may_be_asked_for_as_a_gzip_file(client: httpx.Client) -> None:
    answer = client.get("/api/dataValueSets", params={**FORM, "compression": "gzip"})

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


def test_a_value_is_deleted_alone_and_refused_only_by_the_old_server_the_second_time(
    client: httpx.Client,
) -> None:
    one = {"de": "deInteger01", "pe": MONTH, "ou": "ouClinic001", "co": DEFAULT}
    new = "filename" in client.get("/api/dataValueSets", params=FORM).headers.get(
        "Content-Disposition", ""
    )

    assert client.delete("/api/dataValues", params=one).status_code == 204
    assert client.delete("/api/dataValues", params=one).status_code == (204 if new else 409)


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


def test_a_value_written_later_is_found_by_its_time() -> None:
    world = filled(NEW)
    first = next(iter(world.values.values()))
    first.last_updated = NOW - timedelta(days=3)

    assert len(look(world, NEW, FORM | {"lastUpdatedDuration": "2d"})["dataValues"]) == 1
