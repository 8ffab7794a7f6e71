"""Metadata comes whole, in the order asked, and as frames that were checked."""

import json
from datetime import date, datetime

import httpx
import polars as pl
import pytest

from pipeline.dhis2.objects import (
    BATCH,
    day_of,
    find_some,
    frame_of,
    id_of,
    members,
    moment_of,
    read_all,
    read_some,
)
from pipeline.text.errors import ServerError, TooLargeError, UsageError
from schemas.metadata import CategoryOptions, DataSetOrgUnits, OrgUnitTree
from tests.dhis2.http.script import SERVER, Said, Script, door, says


def listing(*ids: str) -> Said:
    return says(200, json.dumps({"dataSets": [{"id": one, "name": f"of {one}"} for one in ids]}))


def test_all_objects_are_asked_for_on_one_page() -> None:
    script = Script(listing("a", "b"))

    with door(script) as client:
        found = read_all(client, "dataSets", "id,name")

    assert [one["id"] for one in found] == ["a", "b"]
    assert dict(script.asked[0].url.params) == {"fields": "id,name", "paging": "false"}


def test_objects_come_in_the_order_of_the_ids_whatever_the_servers() -> None:
    script = Script(listing("b", "a"))

    with door(script) as client:
        found = read_some(client, "dataSets", "id,name", ["a", "b"])

    assert [one["name"] for one in found] == ["of a", "of b"]
    assert script.asked[0].url.params["filter"] == "id:in:[a,b]"


def test_many_ids_are_asked_for_in_batches() -> None:
    ids = [f"ds{number:09}" for number in range(BATCH + 1)]
    script = Script(listing(*ids[:BATCH]), listing(ids[BATCH]))

    with door(script) as client:
        assert list(find_some(client, "dataSets", "id", ids)) == ids

    assert [one.url.params["filter"].count("ds") for one in script.asked] == [BATCH, 1]


def test_no_ids_are_no_question() -> None:
    script = Script(says(500))

    with door(script) as client:
        assert read_some(client, "dataSets", "id", []) == []

    assert script.asked == []


def test_ids_that_do_not_come_back_are_named_unless_some_will_do() -> None:
    with door(Script(listing("a"))) as client:
        assert list(find_some(client, "dataSets", "id", ["a", "b", "c"])) == ["a"]
        with pytest.raises(UsageError, match=r"shows no dataSets with id b, c\n") as raised:
            read_some(client, "dataSets", "id", ["a", "b", "c"])

    assert raised.value.where == f"{SERVER}/api/dataSets"


@pytest.mark.parametrize("body", [[], {}, {"dataSets": None}, {"dataSets": {}}, {"dataSets": [1]}])
def test_what_is_no_list_of_objects_is_a_letter(body: object) -> None:
    with (
        door(Script(says(200, json.dumps(body)))) as client,
        pytest.raises(ServerError, match="answered without a list of dataSets"),
    ):
        read_all(client, "dataSets", "id")


def test_what_an_object_leaves_out_is_empty() -> None:
    one = {"dataSet": {"id": "a"}, "period": None, "orgUnit": "b", "options": None}

    assert [id_of(one, name) for name in ("dataSet", "period", "orgUnit", "other")] == [
        *("a", None, None, None)
    ]
    assert members(one, "options") == members(one, "other") == []


def test_dates_are_read_as_they_stand_by_the_servers_clock() -> None:
    assert day_of("2026-03-10T23:30:00.000-0800") == date(2026, 3, 10)
    assert day_of("2026-03-10") == date(2026, 3, 10)
    assert day_of(None) is day_of("") is None
    assert moment_of("2026-03-10T23:30:00.000+0200") == datetime(2026, 3, 10, 23, 30)  # noqa: DTZ001  # a server's clock has no zone


def test_rows_become_a_frame_of_the_declared_types_sorted_by_its_first_columns() -> None:
    rows = [
        {"id": "coPartner02", "start_date": "2026-03-10T00:00:00.000", "org_units": ["ouB"]},
        {"id": "coPartner01", "end_date": None, "org_units": [], "more": "is left aside"},
    ]

    frame = frame_of(CategoryOptions, rows, "category options")

    assert frame.schema == {
        "id": pl.String,
        "start_date": pl.Date,
        "end_date": pl.Date,
        "org_units": pl.List(pl.String),
    }
    assert frame["id"].to_list() == ["coPartner01", "coPartner02"]
    assert frame["start_date"].to_list() == [None, date(2026, 3, 10)]
    assert frame_of(DataSetOrgUnits, [], "org units").columns == ["data_set", "org_unit"]


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ({"path": "no path"}, r"path 'no path' \(ouClinic00a\) breaks "),
        ({"name": None}, r"name 'None' \(ouClinic00a\) breaks "),
        ({"level": "three"}, ".*three"),
        ({"opening_date": "yesterday"}, ".*yesterday"),
    ],
)
def test_a_row_that_does_not_fit_is_named_with_its_object(
    more: dict[str, object], what: str
) -> None:
    good = {"id": "ouClinic00a", "name": "A", "path": "/ouClinic00a", "level": 1}
    assert frame_of(OrgUnitTree, [good], "org units").height == 1

    with pytest.raises(ServerError, match=f"^the server's org units cannot be used: {what}"):
        frame_of(OrgUnitTree, [good | more], "org units")


IDS = ["deCases0001", "deEnrolled1", "deBySex0001"]


def listed(*ids: str) -> Said:
    return says(200, json.dumps({"dataElements": [{"id": one} for one in ids]}))


def asked_for(request: httpx.Request) -> str:
    return request.url.params["filter"]


@pytest.mark.parametrize(
    "refused", [says(414), says(403, "<html><title>Interdit</title>", kind="text/html")]
)
def test_ids_are_asked_in_halves_where_the_question_is_too_long(refused: Said) -> None:
    script = Script(refused, listed(IDS[0]), listed(*IDS[1:]))

    with door(script) as client:
        found = find_some(client, "dataElements", "id", IDS)

    assert list(found) == IDS
    assert [asked_for(one) for one in script.asked] == [
        f"id:in:[{','.join(IDS)}]",
        f"id:in:[{IDS[0]}]",
        f"id:in:[{','.join(IDS[1:])}]",
    ]


def test_one_id_that_is_refused_is_a_letter() -> None:
    script = Script(says(414))

    with door(script) as client, pytest.raises(TooLargeError):
        find_some(client, "dataElements", "id", IDS)

    assert len(script.asked) == 2
