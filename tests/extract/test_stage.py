"""The source is asked for everything in few questions, and every answer is kept as it came."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from isal import igzip
from starlette.requests import Request
from starlette.responses import Response

from pipeline.cells.periods import PERIOD_TYPES, parse_period
from pipeline.files.lines import read_lines
from pipeline.run.responses import PROVENANCE, read_responses
from pipeline.run.work import Work
from pipeline.text.errors import BarrierError, LoginError, ServerError, UsageError
from sandbox.http.faults import Answer, Ask, Fault
from tests.support.deployments import Post
from tests.support.faults import answer_of, first, html_instead, instead
from tests.support.village import CLINICS, MONTHS, org_unit, tracker, village

GENERATIONS = pytest.mark.parametrize("generation", ["2.42", "2.43"])
COUNTS = """
    month  | clinic | what     | number
    202609 | a      | cases    | 5
    202609 | b      | boys     | 2
    202610 | a      | cases    | 6
    202610 | c      | girls    | 4
"""
ALWAYS = 10_000


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with village(tmp_path) as opened:
        tracker(opened, COUNTS)
        yield opened


def asked(post: Post, path: str = "/api/analytics") -> list[dict[str, list[str]]]:
    """Give the dimensions of each analytics request: dx, pe, ou and categories, split up."""
    lines = [line for line in post.sandbox.requests if line.path.startswith(path)]
    return [
        {
            name: rest.split(";") if rest else []
            for one in parse_qs(line.query)["dimension"]
            for name, _, rest in [one.partition(":")]
        }
        for line in lines
    ]


def is_total(one: dict[str, list[str]]) -> bool:
    return one["dx"] == ["piBySex0001"] and "caSex000001" not in one


def rows(work: Work, *purposes: str) -> set[tuple[str, ...]]:
    """Give what was kept: indicator, period, org unit, options and value of every row."""
    kept = read_responses(work.run, *(purposes or ("joint", "alone")))  # type: ignore[arg-type]  # two of three
    return {
        tuple(str(cell) for cell in row)
        for response in kept
        for row in response.rows.select(
            "program_indicator", "period", "org_unit", *response.question.categories, "value"
        ).rows()
    }


COUNTED = {
    ("piCases0001", "202609", CLINICS["a"], "5"),
    ("piCases0001", "202610", CLINICS["a"], "6"),
    ("piBySex0001", "202609", CLINICS["b"], "coBoys00001", "2"),
    ("piBySex0001", "202610", CLINICS["c"], "coGirls0001", "4"),
}


@GENERATIONS
def test_all_that_was_counted_comes_in_and_nothing_is_changed(
    tmp_path: Path, generation: str
) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        work, told = post.extract()

    assert rows(work) == COUNTED
    assert told.periods == list(MONTHS)
    assert told.org_units == [CLINICS[letter] for letter in "abc"]
    assert told.categories == {
        "piCases0001": [],
        "piEnrolled1": [],
        "piBySex0001": ["caSex000001"],
    }
    assert {line.method for line in post.sandbox.requests} == {"GET"}


def test_indicators_that_share_their_categories_are_asked_together(post: Post) -> None:
    post.extract()

    joint = [one for one in asked(post, "/api/analytics.csv") if not is_total(one)]
    assert sorted(sorted(one["dx"]) for one in joint) == [
        ["piBySex0001"],
        ["piCases0001", "piEnrolled1"],
    ]
    (split_up,) = (one for one in joint if one["dx"] == ["piBySex0001"])
    assert split_up["caSex000001"] == []  # the category itself is a dimension, all its options


def test_an_indicator_without_a_row_is_asked_again_alone(post: Post) -> None:
    work, told = post.extract()

    alone = asked(post, "/api/analytics.json")
    assert [one["dx"] for one in alone] == [["piEnrolled1"]]
    assert told.silent_indicators == ["piEnrolled1"]
    assert told.unknown_indicators == {}
    assert rows(work, "alone") == set()


@GENERATIONS
def test_an_indicator_that_vanished_from_a_joint_answer_is_known_to_be_unknown(
    tmp_path: Path, generation: str
) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        post.world.broken["piCases0001"] = "42703"
        work, told = post.extract()

    assert set(told.unknown_indicators) == {"piCases0001"}
    assert "E7145" in told.unknown_indicators["piCases0001"]
    assert told.silent_indicators == ["piEnrolled1"]
    assert rows(work) == {row for row in COUNTED if row[0] != "piCases0001"}


def test_a_division_by_zero_costs_one_indicator_and_not_the_others(post: Post) -> None:
    post.world.broken["piEnrolled1"] = "22012"

    work, told = post.extract()

    assert set(told.unknown_indicators) == {"piEnrolled1"}
    assert "E7132" in told.unknown_indicators["piEnrolled1"]
    assert rows(work) == COUNTED


def test_when_no_indicator_can_be_run_there_is_no_extract(post: Post) -> None:
    post.world.broken |= dict.fromkeys(("piCases0001", "piEnrolled1", "piBySex0001"), "42703")
    work = post.begin()

    with pytest.raises(ServerError, match="none of the program indicators"):
        post.extract(work)

    assert not (work.run.path / "extract.json").exists()


def test_every_period_type_is_asked_in_ids_of_its_own(post: Post) -> None:
    for period_type in PERIOD_TYPES:
        post.sandbox.requests.clear()
        del post.sections["periods"]
        post.configure(periods={"type": period_type, "last": 2, "include_current": True})

        _, told = post.extract()

        assert told.period_type == period_type
        assert [parse_period(period).type for period in told.periods] == [period_type] * 2
        assert all(one["pe"] == told.periods for one in asked(post))


@pytest.mark.parametrize("periods", [{"last": 3}, {"explicit": ["201902"]}])
def test_another_calendar_is_refused_however_the_periods_are_named(
    post: Post, periods: dict[str, object]
) -> None:
    post.world.settings["keyCalendar"] = "ethiopian"
    post.sections["periods"].clear()
    post.configure(periods=periods)
    work = post.begin()

    with pytest.raises(UsageError, match="ethiopian calendar, whose periods Tally cannot") as told:
        post.extract(work)

    assert "iso8601 and gregorian only" in told.value.remedy
    assert not (work.run.path / "extract.json").exists()


def test_each_question_holds_one_level(post: Post) -> None:
    district = org_unit("ouDistrict1", "/ouVillage01")
    deep = org_unit("ouClinic00d", "/ouVillage01/ouDistrict1")
    post.world.metadata["organisationUnits"] += [district, deep]
    everywhere = {"id": "ougAll00001", "name": "All", "organisationUnits": []}
    everywhere["organisationUnits"] = [{"id": CLINICS["a"]}, {"id": deep["id"]}]
    post.world.metadata["organisationUnitGroups"] = [everywhere]
    del post.sections["org_units"]["level"]
    post.configure(org_units={"groups": ["ougAll00001"], "assigned_only": False})

    _, told = post.extract()

    assert told.levels == {CLINICS["a"]: 2, "ouClinic00d": 3}
    grids = [*asked(post, "/api/analytics.csv"), *asked(post, "/api/analytics.json")]
    assert {tuple(one["ou"]) for one in grids} == {(CLINICS["a"],), ("ouClinic00d",)}


def test_an_address_stays_short_however_many_org_units_there_are(post: Post) -> None:
    many = [org_unit(f"ouSite{number:05}", "/ouVillage01") for number in range(2_000)]
    post.world.metadata["organisationUnits"] += many
    wanted = [{"id": one["id"]} for one in many[::3]]
    post.world.metadata["dataSets"][0]["organisationUnits"] = wanted

    _, told = post.extract()

    lengths = [
        len(f"{line.path}?{line.query}")
        for line in post.sandbox.requests
        if line.path.startswith("/api/analytics")
    ]
    assert len(told.org_units) == len(wanted)
    assert max(lengths) < 6 * 1024
    listed = [unit for one in asked(post, "/api/analytics.csv") for unit in one["ou"]]
    assert set(listed) == {one["id"] for one in wanted}


@pytest.mark.parametrize("limit", ["1", "3", "0"])
def test_the_servers_row_limit_is_read_and_kept_to(post: Post, limit: str) -> None:
    post.world.settings["keyAnalyticsMaxLimit"] = limit

    work, _ = post.extract()

    kept = list(read_responses(work.run, "joint"))
    assert rows(work) == COUNTED
    assert limit == "0" or max(one.question.most_rows for one in kept) <= max(int(limit), 2)


def test_a_limit_that_is_not_told_is_found_by_halving(post: Post) -> None:
    hidden = instead(Response('{"httpStatusCode":403}', 403, media_type="application/json"))
    post.sandbox.faults.append(first(1, "/api/systemSettings", hidden))
    post.world.settings["keyAnalyticsMaxLimit"] = "1"

    work, _ = post.extract()

    assert rows(work) == COUNTED


NO_CSV = {
    "an error as text": instead(Response("E7145: Query failed", 200)),
    "a page with status 500": instead(Response("<html>", 500, media_type="text/html")),
    "a page with status 200": html_instead(),
    "not acceptable": instead(Response("<html>", 406, media_type="text/html")),
    "a table of something else": instead(Response("a,b\n1,2\n", 200, media_type="application/csv")),
}


@pytest.mark.parametrize("what", NO_CSV)
def test_where_no_table_comes_the_grid_is_asked(post: Post, what: str) -> None:
    post.sandbox.faults.append(first(ALWAYS, "/api/analytics.csv", NO_CSV[what]))

    work, _ = post.extract()

    assert rows(work) == COUNTED
    lines = read_lines(work.run.path / PROVENANCE)
    assert {line["file"].partition(".")[2] for line in lines} == {"json.gz"}


def refusing_long_ones(status: int, most: int) -> Fault:
    """A firewall's page for every question that names more than so many things."""
    page = Response(
        f"<html><title>{status} Interdit</title></html>", status, media_type="text/html"
    )

    async def strike(request: Request, ask: Ask) -> Answer:
        meant = request.url.path.startswith("/api/analytics")
        is_long = meant and request.url.query.count(";") > most
        return answer_of(page) if is_long else await ask()

    return strike


@GENERATIONS
@pytest.mark.parametrize("status", [403, 414])
def test_a_question_that_is_too_long_for_a_firewall_is_asked_in_halves(
    status: int, generation: str, tmp_path: Path
) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        usual, _ = post.extract()
        post.sandbox.requests.clear()
        post.sandbox.faults.append(refusing_long_ones(status, 1))

        work, _ = post.extract()

    assert rows(work, "joint", "alone") == rows(usual, "joint", "alone")


def test_a_firewall_that_refuses_everything_is_told_as_that(post: Post) -> None:
    post.sandbox.faults.append(refusing_long_ones(403, -1))

    with pytest.raises(
        BarrierError, match="something before the server refused this: 403 Interdit"
    ):
        post.extract()


def test_every_answer_is_kept_byte_for_byte_with_where_it_came_from(post: Post) -> None:
    work, _ = post.extract()

    lines = read_lines(work.run.path / PROVENANCE)
    assert [line["number"] for line in lines] == [1, 2, 3, 4]
    assert [line["purpose"] for line in lines] == ["joint", "joint", "alone", "total"]
    for line in lines:
        body = igzip.decompress((work.run.responses / line["file"]).read_bytes())
        assert hashlib.sha256(body).hexdigest() == line["sha256"]
        assert len(body) == line["bytes"]
        assert line["status"] == 200
        assert line["path"].startswith("/api/analytics")
    (cases,) = (
        igzip.decompress((work.run.responses / line["file"]).read_bytes())
        for line in lines
        if line["rows"] == 2 and "piCases0001" in json.dumps(line["parameters"])
    )
    assert b"piCases0001,202609,ouClinic00a,5" in cases


def test_what_an_extract_left_half_done_is_no_part_of_the_next(post: Post) -> None:
    work = post.begin()
    refused = instead(Response('{"httpStatusCode":401}', 401, media_type="application/json"))
    post.sandbox.faults.append(first(ALWAYS, "/api/analytics.json", refused))
    with pytest.raises(LoginError):
        post.extract(work)
    assert not (work.run.path / "extract.json").exists()
    assert read_lines(work.run.path / PROVENANCE)
    post.sandbox.faults.clear()

    post.extract(work)

    assert len(read_lines(work.run.path / PROVENANCE)) == 4
    assert rows(work) == COUNTED
