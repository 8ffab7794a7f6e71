"""What a target holds is read whole or not at all; what it says about an import is only kept."""

import gzip
import json
from collections.abc import Iterator

import pytest
from polars.testing import assert_frame_equal
from starlette.requests import Request
from starlette.responses import Response

from pipeline.cells.key import KEY
from pipeline.dhis2.data_values.imports import ImportSummary, post, summary_of
from pipeline.dhis2.data_values.reading import read_current
from pipeline.dhis2.data_values.tables import values_of
from pipeline.dhis2.http.answers import RawAnswer
from pipeline.dhis2.system import NEVER
from pipeline.text.errors import ServerError, TooLargeError
from sandbox.http.faults import Answer as WireAnswer
from sandbox.http.faults import Ask
from sandbox.http.server import Sandbox
from sandbox.state.world import ValueKey
from schemas.frames import empty
from schemas.server import SystemInfo
from schemas.values import CurrentValues
from tests.dhis2.country import OCTOBER, a_country, asked, door, root, uid
from tests.dhis2.recorded import answer_of, recorded
from tests.support import faults

PAPER, TRACKER = uid("DS_PAPER"), uid("DS_TRACKER")
MONTHS = [f"2026{month:02}" for month in range(1, 11)]
COUNTS = ("imported", "updated", "ignored", "deleted")
HEADER = (
    "dataelement,period,orgunit,categoryoptioncombo,attributeoptioncombo,"
    "value,storedby,lastupdated,comment,followup,deleted\n"
)
CELL = "deMalaria01,202610,ouClinicAA1,cocDefault1,aocDefault1"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with a_country() as country:
        yield country


def csv(text: str, status: int = 200) -> RawAnswer:
    return RawAnswer("/api/dataValueSets.csv", status, "application/csv", text.encode())


def standing(sandbox: Sandbox, elements: set[str], periods: list[str]) -> set[tuple[str, ...]]:
    return {
        (*key, str(one.value))
        for key, one in sandbox.world.values.items()
        if key.data_element in elements and key.period in periods and not one.deleted
    }


@pytest.mark.parametrize(("largest", "requests"), [(2**28, 4), (120_000, 10)])
def test_all_values_of_a_form_are_read_however_often_that_takes(
    sandbox: Sandbox, largest: int, requests: int
) -> None:
    sandbox.requests.clear()
    with door(sandbox, largest=largest) as client:
        current = read_current(client, PAPER, MONTHS, [root(sandbox)])

    elements = {uid(code) for code in ("P_CASES", "P_DEATHS", "P_VISITS", "P_TESTS")}
    assert current.schema == empty(CurrentValues).schema
    assert set(current.select(*KEY, "value").rows()) == standing(sandbox, elements, MONTHS)
    assert len(asked(sandbox, "/api/dataValueSets.csv")) == requests


@pytest.mark.parametrize("generation", ["2.42", "2.43"])
def test_what_is_read_comes_packed_over_the_line(generation: str) -> None:
    answers: list[bytes] = []

    async def listen(_: Request, ask: Ask) -> WireAnswer:
        answer = await ask()
        answers.append(answer.body)
        return answer

    with a_country(generation) as country, door(country) as client:
        country.faults.append(listen)
        current = read_current(client, PAPER, MONTHS, [root(country)])

    told = [gzip.decompress(answer) for answer in answers]
    assert current.height == sum(one.count(b"\n") - 1 for one in told) > 0
    assert sum(map(len, answers)) < sum(map(len, told)) / 5


def test_a_server_that_does_not_pack_is_read_all_the_same() -> None:
    async def unpack(_: Request, ask: Ask) -> WireAnswer:
        answer = await ask()
        return answer._replace(body=gzip.decompress(answer.body))

    with a_country() as country, door(country) as client:
        packed = read_current(client, PAPER, [OCTOBER], [root(country)])
        country.faults.append(unpack)
        plain = read_current(client, PAPER, [OCTOBER], [root(country)])

    assert_frame_equal(packed, plain)


def test_one_period_that_is_too_large_is_told(sandbox: Sandbox) -> None:
    with door(sandbox, largest=500) as client, pytest.raises(TooLargeError):
        read_current(client, PAPER, MONTHS[-1:], [root(sandbox)])


def test_a_cell_below_two_roots_is_read_once(sandbox: Sandbox) -> None:
    region = uid("OND_R1")
    with door(sandbox) as client:
        once = read_current(client, PAPER, [OCTOBER], [root(sandbox)])
        twice = read_current(client, PAPER, [OCTOBER], [root(sandbox), region])

    assert once.height == twice.height > 0


@pytest.mark.parametrize("generation", ["2.42", "2.43"])
def test_an_org_unit_outside_the_tree_is_a_refusal_and_never_an_empty_form(generation: str) -> None:
    with a_country(generation) as sandbox:
        user = sandbox.world.users["tally"]
        user.org_units = user.data_view_org_units = (uid("OND_R1"),)
        with door(sandbox) as client, pytest.raises(ServerError):
            read_current(client, PAPER, [OCTOBER], [root(sandbox)])


def test_a_deleted_row_is_no_value() -> None:
    answer = csv(
        HEADER
        + f"{CELL},5,clerk,2026-11-01T00:00:00.000,[aggregated],false,null\n"
        + f"{CELL.replace('01,', '02,')},7,clerk,2026-11-01T00:00:00.000,null,false,true\n"
        + f'{CELL.replace("01,", "03,")},"",null,2026-11-01T00:00:00.000,"a ""b"", c",false,false\n'
    )

    told = values_of(answer).select("data_element", "value", "stored_by", "comment")

    assert told.rows() == [
        ("deMalaria01", "5", "clerk", "[aggregated]"),
        ("deMalaria03", "", None, 'a "b", c'),
    ]


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        (csv(""), "nothing at all"),
        (csv("<html><title>Login</title></html>\n"), "cannot be read"),
        (csv(HEADER.replace("orgunit,", "")), "cannot be read"),
        (csv(HEADER + CELL), "cannot be read"),
        (csv(HEADER + CELL + ",5,x,y,z,false,null,more,more\n"), "broken"),
        (csv(HEADER + CELL.replace(OCTOBER, "") + ",5,x,y,z,false,null\n"), "incomplete key"),
        (csv('{"errorCode":"E2012"}', 409), "refused"),
    ],
)
def test_whatever_is_no_table_of_values_is_refused(answer: RawAnswer, complaint: str) -> None:
    with pytest.raises(ServerError, match=complaint):
        values_of(answer)


def test_a_comment_that_is_no_utf_8_costs_no_number() -> None:
    text = (HEADER + f"{CELL},5,clerk,2026-11-01T00:00:00.000,\u00e9t\u00e9,false,false\n").encode(
        "latin-1"
    )

    told = values_of(RawAnswer("/api/dataValueSets.csv", 200, "application/csv", text))

    assert told.select("value", "comment").rows() == [("5", "\ufffdt\ufffd")]


def test_a_damaged_key_is_refused() -> None:
    text = (HEADER + f"\u00e9{CELL[1:]},5,x,y,z,false,false\n").encode("latin-1")

    with pytest.raises(ServerError, match="damaged key"):
        values_of(RawAnswer("/api/dataValueSets.csv", 200, "application/csv", text))


@pytest.mark.parametrize("forms", [1, 2], ids=["by its path only", "wholly"])
def test_values_are_read_where_csv_is_not_acceptable(forms: int) -> None:
    page = "<html><title>HTTP Status 406</title></html>"

    async def refuse(request: Request, ask: Ask) -> WireAnswer:
        is_csv = [request.url.path.endswith(".csv"), "format" in request.query_params]
        refused = any(is_csv[:forms])
        not_acceptable = Response(page, 406, media_type="text/html")
        return faults.answer_of(not_acceptable) if refused else await ask()

    with a_country("2.42") as country, door(country) as client:
        usual = read_current(client, PAPER, [OCTOBER], [root(country)])
        country.faults.append(refuse)
        current = read_current(client, PAPER, [OCTOBER], [root(country)])

    assert_frame_equal(usual.sort(KEY), current.sort(KEY))


@pytest.mark.parametrize("generation", ["2.42", "2.43"])
def test_a_server_that_is_too_slow_below_a_root_is_asked_for_the_sites(generation: str) -> None:
    async def slow(request: Request, ask: Ask) -> WireAnswer:
        is_slow = request.query_params.get("children") == "true"
        return faults.answer_of(Response("", 504)) if is_slow else await ask()

    with a_country(generation) as country, door(country) as client:
        usual = read_current(client, PAPER, MONTHS, [root(country)])
        country.requests.clear()
        country.faults.append(slow)
        current = read_current(client, PAPER, MONTHS, [root(country)])
        first = len(asked(country, "/api/dataValueSets.csv"))
        read_current(client, PAPER, MONTHS, [root(country)])

    assert_frame_equal(usual.sort(KEY), current.sort(KEY))
    queries = asked(country, "/api/dataValueSets.csv")
    assert not any("children=true" in query for query in queries[first:])
    assert max(map(len, queries)) < 6 * 1024
    assert len(asked(country, "/api/organisationUnits")) == 1


@pytest.mark.parametrize("body", ["[]", "{}", '{"dataValues": {}}', '{"dataValues": [1]}'])
def test_json_without_values_is_refused(body: str) -> None:
    with pytest.raises(ServerError, match="without a list of values"):
        values_of(RawAnswer("/api/dataValueSets", 200, "application/json", body.encode()))


def test_a_form_without_values_is_empty() -> None:
    assert values_of(csv(HEADER)).equals(empty(CurrentValues))


@pytest.mark.parametrize("generation", ["2.42", "2.43"])
def test_the_recorded_tables_of_both_generations_are_read(generation: str) -> None:
    pairs = [
        pair
        for pair in recorded(generation, "GET", "/api/dataValueSets.csv")
        if pair.status == 200 and (pair.text or "").startswith("dataelement")
    ]

    assert len(pairs) >= 2
    for pair in pairs:
        assert values_of(answer_of(pair)).height == len((pair.text or "").splitlines()) - 1


@pytest.mark.parametrize("generation", ["2.42", "2.43"])
def test_every_recorded_summary_is_read_as_it_was_told(generation: str) -> None:
    told = 0
    for pair in recorded(generation, "POST", "/api/dataValueSets"):
        if not isinstance(pair.json, dict):
            continue
        summary = summary_of(answer_of(pair))
        inner = pair.json.get("response", {})
        assert summary.http_status == pair.status
        assert summary.status == inner.get("status", pair.json.get("status"))
        if counts := inner.get("importCount"):
            told += 1
            kept = (summary.imported, summary.updated, summary.ignored, summary.deleted)
            assert kept == tuple(
                counts[name] for name in ("imported", "updated", "ignored", "deleted")
            )
            assert len(summary.complaints) == len(inner.get("conflicts", []))
    assert told > 150


def test_a_refused_group_names_the_guilty_in_its_arguments() -> None:
    conflict = {
        "objects": {"args": "h5kSWQDy1Fx-[dm5z0SB3Jkh]"},
        "value": "Data set h5kSWQDy1Fx not usable with org unit(s): `[dm5z0SB3Jkh]`",
        "errorCode": "E8022",
        "indexes": [0, 1],
    }
    body = {
        "status": "ERROR",
        "httpStatusCode": 409,
        "response": {"status": "ERROR", "conflicts": [conflict], "rejectedIndexes": [0, 1]},
    }
    summary = summary_of(RawAnswer("/api", 409, "application/json", json.dumps(body).encode()))

    assert summary.complaints[0][0::2] == ("E8022", (0, 1))
    assert summary.complaints[0].arguments == "h5kSWQDy1Fx-[dm5z0SB3Jkh]"
    assert summary.rejected_indexes == (0, 1)
    assert json.loads(json.dumps(summary.as_record()))["status"] == "ERROR"


@pytest.mark.parametrize(
    ("status", "kind", "body", "expected"),
    [
        (500, "text/html", "<title>Oops</title>", ImportSummary(500, "UNREADABLE", "Oops")),
        (200, "application/json", "", ImportSummary(200, "UNREADABLE", "nothing")),
        (200, "application/json", "[1]", ImportSummary(200, "UNREADABLE", "[1]")),
        (
            500,
            "application/json",
            '{"status":"ERROR","message":"Unexpected","errorCode":"E1"}',
            ImportSummary(500, "ERROR", "Unexpected", error_code="E1"),
        ),
        (
            200,
            "application/json",
            '{"status":"SUCCESS","importCount":{"imported":2,"deleted":null},"conflicts":[]}',
            ImportSummary(200, "SUCCESS", "", imported=2),
        ),
    ],
)
def test_an_answer_without_its_envelope_is_read_too(
    status: int, kind: str, body: str, expected: ImportSummary
) -> None:
    assert summary_of(RawAnswer("/api", status, kind, body.encode())) == expected


def info(version: str) -> SystemInfo:
    return SystemInfo(version, "iso8601", "system", NEVER, None)


def payload(value: str) -> bytes:
    key = dict(
        zip(
            ("dataElement", "period", "orgUnit", "categoryOptionCombo", "attributeOptionCombo"),
            cell(),
            strict=True,
        )
    )
    return json.dumps({"dataSet": TRACKER, "dataValues": [{**key, "value": value}]}).encode()


def cell() -> ValueKey:
    return ValueKey(uid("T_ENROLLED"), OCTOBER, uid("FAC_001"), "HllvX50cXC0", "HllvX50cXC0")


@pytest.mark.parametrize("generation", ["2.42", "2.43"])
def test_what_is_sent_is_stored_and_what_is_tried_is_not(generation: str) -> None:
    with a_country(generation) as sandbox, door(sandbox) as client:
        tried = post(client, payload("7"), info(generation), dry_run=True)
        before = sandbox.world.values.get(cell())
        sent = post(client, payload("7"), info(generation))

        assert (tried.status, sent.status) == ("SUCCESS", "SUCCESS")
        assert before is None
        assert sandbox.world.values[cell()].value == "7"
        first, second = asked(sandbox, "/api/dataValueSets")
        assert "dryRun=true" in first
        assert ("preheatCache=true" in second) == (generation == "2.42")
        assert "importStrategy=CREATE_AND_UPDATE&async=false" in second


def test_values_go_out_packed_unless_something_on_the_way_takes_no_packed_bodies() -> None:
    bodies: list[tuple[str, bytes]] = []

    async def take_no_gzip(request: Request, ask: Ask) -> WireAnswer:
        bodies.append((request.headers.get("content-encoding", ""), await request.body()))
        if "content-encoding" not in request.headers:
            return await ask()
        return faults.answer_of(Response("what is this", 415, media_type="text/plain"))

    packed = gzip.compress(payload("7"))
    with a_country() as country, door(country) as client:
        country.faults.append(take_no_gzip)

        assert post(client, packed, info("2.43")).status == "SUCCESS"
        assert country.world.values[cell()].value == "7"
    assert bodies == [("gzip", packed), ("", payload("7"))]


def test_a_refusal_is_an_answer(sandbox: Sandbox) -> None:
    with door(sandbox) as client:
        told = post(client, payload("seven"), info("2.43"))

    assert (told.http_status, told.status, told.complaints[0].code) == (409, "ERROR", "E8122")


def test_a_lost_answer_is_told_as_lost() -> None:
    with a_country() as sandbox, door(sandbox) as client:
        sandbox.faults.append(faults.answer_lost())

        told = post(client, payload("7"), info("2.43"))

        assert (told.status, told.reply.ended) == ("LOST", "lost")
        assert sandbox.world.values[cell()].value == "7"


def test_a_page_instead_of_a_summary_is_kept_as_unreadable(sandbox: Sandbox) -> None:
    page = Response("<title>Error</title>", 500, media_type="text/html")
    with a_country() as country, door(country) as client:
        country.faults.append(faults.instead(page))

        assert post(client, payload("7"), info("2.43")).status == "UNREADABLE"
