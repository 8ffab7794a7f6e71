"""Every trap that two generations of servers set for a load: both end in the same state.

One journey of three nights through a district with each trap in a cell of its own. The traps are
those of the contract's §0 and §16 that can touch a load.
"""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import pytest
from starlette.requests import Request

from pipeline.load.rules.judging import NOT_WRITTEN
from pipeline.store.transfer import Store
from sandbox.http.faults import Answer, Ask, Fault
from sandbox.state.world import ValueKey, World
from tests.support import crooked
from tests.support.crooked import SITES, Cell, count, key_of
from tests.support.deployments import NAME, Post, standing
from tests.support.frames import frame
from tests.support.plans import whole_plan
from tests.support.terminal import tally
from tests.support.village import DEFAULT

# What tracker counts in the first night and in the second, what the plans of these nights do with
# the cell, and what stands there in the end. `-`: nothing.
TRAPS = """
    trap                                           | element     | site       | month  | first    | second   | the first plan                          | the second plan        | stands
    a zero that means nothing, where nothing is    | deZeroNew01 | a          | 202609 | 0        | 0        | keep same                               | keep same              | -
    a zero that means nothing, over our value      | deZeroOver1 | a          | 202609 | 5        | 0        | create new                              | update changed         | -
    a zero that means nothing, over a deleted row  | deZeroTomb1 | a          | 202609 | 0        | 0        | keep same                               | keep same              | -
    a zero that means something, where nothing is  | deZeroSigni | a          | 202609 | 0        | 0        | create new                              | keep same              | 0
    a zero that means something, over our value    | deZeroSigni | b          | 202609 | 5        | 0        | create new                              | update changed         | 0
    a blank in the target                          | deBlank0001 | a          | 202609 | 5        | 5        | conflict no_number                      | conflict no_number     | ' '
    a comment in a cell that is overwritten        | deComment01 | a          | 202609 | 5        | 6        | create new                              | update changed         | 6
    an option combo that is missing                | deNoCombo01 | a          | 202609 | 5        | 5        | hold combo_not_in_element               | hold combo_not_in_element | -
    an option combo of another element             | deWrong0001 | a          | 202609 | 5        | 5        | hold combo_not_in_element               | hold combo_not_in_element | -
    an option combo that fits                      | deSplit0001 | a          | 202609 | 5        | 6        | create new                              | update changed         | 6
    an attribute option combo that fits            | dePartner01 | a          | 202609 | 5        | 6        | create new                              | update changed         | 6
    an attribute option combo that is missing      | deNoPartner | a          | 202609 | 5        | 5        | hold attribute_combo_not_in_data_set    | hold attribute_combo_not_in_data_set | -
    an org unit that is not assigned               | deSite00001 | unassigned | 202609 | 5        | 5        | hold not_assigned                       | hold not_assigned      | -
    an org unit in its last month                  | deSite00001 | closed     | 202609 | 5        | 6        | create new                              | update changed         | 6
    an org unit after it closed                    | deSite00001 | closed     | 202610 | 5        | 5        | hold closed                             | hold closed            | -
    an org unit that vanishes before the load      | deSite00001 | vanishing  | 202609 | 5        | 5        | create new                              | -                      | -
    an org unit that the target does not have      | deSite00001 | elsewhere  | 202609 | 5        | 5        | -                                       | -                      | -
    its neighbour in the same request              | deSite00001 | b          | 202609 | 5        | 5        | create new                              | keep same              | 5
    a month that is locked                         | deLocked001 | a          | 202609 | 5        | 5        | hold expired                            | hold expired           | -
    a month that is locked, and a site excepted    | deLocked001 | b          | 202609 | 5        | 6        | create new                              | update changed         | 6
    a month that is not locked yet                 | deLocked001 | a          | 202610 | 5        | 6        | create new                              | update changed         | 6
    a month that is not over                       | deFuture001 | a          | 202611 | 5        | 5        | hold future                             | hold future            | -
    a form that was approved after the first night | deApproved1 | a          | 202609 | 5        | 6        | create new                              | hold approved          | 5
    a form that was approved before                | deApproved1 | b          | 202609 | 5        | 5        | hold approved                           | hold approved          | -
    an input period that is over                   | deWindow001 | a          | 202609 | 5        | 5        | hold input_closed                       | hold input_closed      | -
    an element with an option set                  | deOption001 | a          | 202609 | 1        | 2        | create new                              | update changed         | 2
    an element with an option set that vanishes    | deOption001 | b          | 202609 | 1        | -        | create new                              | retract vanished       | -
    two indicators for one cell                    | deTwice0001 | a          | 202609 | 5        | 6        | create new                              | update changed         | 7
    an element of two data sets                    | deTwin00001 | a          | 202609 | 5        | 6        | create new                              | update changed         | 6
    an element of no data set                      | deHomeless1 | a          | 202609 | 5        | 5        | -                                       | -                      | -
    an element that the target does not have       | deUnknown01 | a          | 202609 | 5        | 5        | -                                       | -                      | -
    a month for a weekly form                      | deWeekly001 | a          | 202609 | 5        | 5        | hold wrong_period_type                  | hold wrong_period_type | -
    a number of ours that vanishes                 | deStale0001 | a          | 202609 | 5        | -        | create new                              | retract vanished       | -
    a number that a person typed where none counts | deManual001 | a          | 202609 | -        | -        | foreign theirs                          | foreign theirs         | 7
    a number that a person typed where we count    | deManual001 | b          | 202609 | 5        | 6        | conflict not_ours                       | conflict not_ours      | 7
    an indicator that vanishes from a joint answer | deBroken001 | a          | 202609 | 5        | 6        | create new                              | hold source_unknown    | 5
    an indicator that divides by zero              | deDivided01 | a          | 202609 | 5        | 6        | create new                              | hold source_unknown    | 5
    a number that tracker writes as 20000000.0     | deLarge0001 | a          | 202609 | 20000000 | 20000000 | create new                              | keep same              | 20000000
    200 SUCCESS, and nothing was written           | deDeaf00001 | a          | 202609 | 5        | 5        | create new                              | create new             | 5
    409 ERROR, and one of two was written          | deHalf00001 | a          | 202609 | 5        | 5        | create new                              | keep same              | 5
    409 ERROR, and this one was not                | deHalf00001 | b          | 202609 | 5        | 5        | create new                              | create new             | 5
    500, and all was written                       | deDoubted01 | a          | 202609 | 5        | 5        | create new                              | keep same              | 5
"""  # noqa: E501  # one line a trap

# 2.43.0 reads the dates of input periods the wrong way round: what is open by them is refused.
OPEN_WINDOW: Cell = ("deWindow001", "a", "202610")
BEFORE: dict[Cell, str | None] = {  # what a clerk left in the forms before the first night
    ("deZeroTomb1", "a", "202609"): None,
    ("deBlank0001", "a", "202609"): " ",
    ("deManual001", "a", "202609"): "7",
    ("deManual001", "b", "202609"): "7",
}
LOST = {  # what the first load could not bring, and why
    ("deSite00001", "vanishing"): "the org unit",  # unknown, or not assigned
    ("deDeaf00001", "a"): NOT_WRITTEN,
    ("deHalf00001", "b"): "the server answered ERROR (409)",
}
GENERATIONS = ("2.42", "2.43")
KEY_AS_SENT = (
    *("dataSet", "dataElement", "period", "orgUnit"),
    *("categoryOptionCombo", "attributeOptionCombo"),
)


class Journey(NamedTuple):
    """Three nights: the plans, what became of the first load, the sent rows, the end."""

    plans: list[dict[Cell, str]]
    refused: dict[tuple[str, str], str]
    codes: list[int]
    sent: list[list[dict[str, Any]]]
    posts: list[int]
    values: dict[ValueKey, str]
    deleted: set[ValueKey]
    comments: dict[ValueKey, str]
    ledger: int
    ours: set[ValueKey]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Journey]:
    return {one: nights(tmp_path_factory.mktemp("home"), one) for one in GENERATIONS}


@pytest.fixture(params=GENERATIONS)
def journey(request: pytest.FixtureRequest, both: dict[str, Journey]) -> Journey:
    return both[request.param]


def nights(folder: Path, generation: str) -> Journey:
    with crooked.crooked(folder, generation) as post:
        return _live(post)


def _live(post: Post) -> Journey:
    for cell, value in BEFORE.items():
        crooked.store(post, cell, value)
    count(post, counted("first"))
    post.sandbox.faults.append(sly(post.world))
    codes = [tally(post, stage, NAME).code for stage in ("extract", "transform", "plan")]
    _let_vanish(post, SITES["vanishing"])
    codes.append(tally(post, "load", NAME).code)
    posts = [post.posts]
    post.sandbox.faults.clear()
    post.world.values[key_of("deComment01", "a", "202609")].comment = "counted twice"
    count(post, counted("second"))
    post.world.approvals.add(("dsApproved1", "202609", SITES["a"], DEFAULT))
    post.world.broken |= {"piBroken001": "42703", "piDivided01": "22012"}
    codes.append(tally(post, "run", NAME, "--load").code)
    posts.append(post.posts)
    codes.append(tally(post, "run", NAME, "--load").code)
    posts.append(post.posts)
    runs = sorted(post.deployment.runs(NAME).iterdir())
    values = post.world.values
    return Journey(
        plans=[actions(run) for run in runs],
        refused=refusals(runs[0]),
        codes=codes,
        sent=[rows for run in runs for rows in rows_sent(run)],
        posts=posts,
        values=standing(post.world),
        deleted={key for key, value in values.items() if value.deleted},
        comments={key: value.comment for key, value in values.items() if value.comment},
        ours={
            key for key, value in values.items() if value.stored_by == "tally" and not value.deleted
        },
        ledger=Store(post.deployment.store(NAME)).ledger(post.world.system_id).height,
    )


def sly(world: World) -> Fault:
    """Give a fault that says one thing and does another, for three data sets."""

    async def strike(_request: Request, ask: Ask) -> Answer:
        before = set(world.values)
        answer = await ask()
        written = {key.data_element for key in world.values.keys() - before}
        if "deDeaf00001" in written:
            del world.values[key_of("deDeaf00001", "a", "202609")]
            return _says(200, {"status": "SUCCESS", "importCount": {"updated": 1}})
        if "deHalf00001" in written:
            del world.values[key_of("deHalf00001", "b", "202609")]
            return _says(409, {"status": "ERROR", "importCount": {}})
        return answer._replace(status=500, body=b"{}") if "deDoubted01" in written else answer

    return strike


def _says(status: int, summary: dict[str, object]) -> Answer:
    body = json.dumps({"status": "OK", "message": "Import", "response": summary}).encode()
    return Answer(status, [(b"content-type", b"application/json")], body)


def _let_vanish(post: Post, unit: str) -> None:
    world = post.world.metadata
    world["organisationUnits"][:] = [one for one in world["organisationUnits"] if one["id"] != unit]
    for data_set in world["dataSets"]:
        data_set["organisationUnits"] = [
            one for one in data_set["organisationUnits"] if one["id"] != unit
        ]


def traps() -> list[dict[str, Any]]:
    return frame(TRAPS).to_dicts()


def counted(night: str) -> dict[Cell, float]:
    numbers = {
        (one["element"], one["site"], one["month"]): float(one[night])
        for one in traps()
        if one[night] is not None
    }
    return numbers | {OPEN_WINDOW: 5.0}


def actions(run: Path) -> dict[Cell, str]:
    """Give what a plan does with each cell, and why."""
    names = {unit: site for site, unit in SITES.items()}
    plan = whole_plan(run)
    columns = plan.select("data_element", "org_unit", "period", "action", "reason_id").rows()
    return {(cell[0], names[cell[1]], cell[2]): f"{cell[3]} {cell[4]}" for cell in columns}


def refusals(run: Path) -> dict[tuple[str, str], str]:
    names = {unit: site for site, unit in SITES.items()}
    told = pl.read_parquet(run / "load.parquet").filter(pl.col("outcome") == "refused")
    return {
        (element, names[unit]): reason
        for element, unit, reason in told.select("data_element", "org_unit", "reason").rows()
    }


def rows_sent(run: Path) -> Iterator[list[dict[str, Any]]]:
    """Give the rows of every request of a run, each with the data set it was sent for."""
    for path in sorted(run.rglob("chunks/*.json.gz")):
        body = json.loads(gzip.decompress(path.read_bytes()))
        yield [{"dataSet": body["dataSet"], **row} for row in body["dataValues"]]


@pytest.mark.parametrize("trap", traps(), ids=lambda one: one["trap"])
def test_a_trap_is_seen_and_ends_as_it_should(journey: Journey, trap: dict[str, Any]) -> None:
    cell = (trap["element"], trap["site"], trap["month"])

    told = [plan.get(cell) for plan in journey.plans[:2]]

    assert told == [trap["the first plan"], trap["the second plan"]]
    stands = trap["stands"] and trap["stands"].strip("'")
    assert journey.values.get(key_of(*cell)) == stands


def test_what_a_load_could_not_bring_is_told_with_its_reason(journey: Journey) -> None:
    assert journey.refused.keys() == LOST.keys()
    assert all(why in journey.refused[cell] for cell, why in LOST.items()), journey.refused


def test_a_load_that_lost_something_ends_with_six_and_so_does_one_with_a_broken_indicator(
    journey: Journey,
) -> None:
    assert journey.codes == [0, 0, 0, 6, 6, 6]


def test_the_third_night_sends_nothing(journey: Journey) -> None:
    first, second, third = journey.posts

    assert first < second == third


def test_every_row_is_sent_with_all_parts_of_its_key_and_its_value_as_text(
    journey: Journey,
) -> None:
    rows = [row for request in journey.sent for row in request]

    assert all(row[part] for row in rows for part in KEY_AS_SENT)
    assert all(isinstance(row["value"], str) and row["value"].strip() for row in rows)
    assert {type(row.get("deleted", False)) for row in rows} == {bool}


def test_a_request_is_for_one_data_set_and_names_no_cell_twice(journey: Journey) -> None:
    for request in journey.sent:
        keys = [tuple(row[part] for part in KEY_AS_SENT) for row in request]
        assert len(keys) == len(set(keys))
        assert {row["dataSet"] for row in request} == {keys[0][0]}
    twins = [row for request in journey.sent for row in request if "Twin" in row["dataElement"]]
    assert {row["dataSet"] for row in twins} == {"dsTwin00002"}


def test_a_comment_outlives_the_number_beside_it(journey: Journey) -> None:
    assert journey.comments == {key_of("deComment01", "a", "202609"): "counted twice"}


def test_an_open_input_period_is_written_or_held_as_the_server_would_take_it(
    both: dict[str, Journey],
) -> None:
    told = {generation: one.plans[0][OPEN_WINDOW] for generation, one in both.items()}

    assert told == {"2.42": "create new", "2.43": "hold input_inverted"}


def test_both_generations_end_in_the_same_state(both: dict[str, Journey]) -> None:
    old, new = (both[generation] for generation in GENERATIONS)

    assert old.values.pop(key_of(*OPEN_WINDOW)) == "5"
    assert old.values == new.values
    assert (old.deleted, old.comments) == (new.deleted, new.comments)
    assert old.ledger - 1 == new.ledger == len(new.ours)
