"""Exactly the sealed plan is sent, and only what is read back is believed."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from starlette.requests import Request

from pipeline.cells.key import KEY
from pipeline.load.rules.judging import DRIFTED, LEFT_THE_DATA_SET
from pipeline.load.stage import dry_run, load
from pipeline.load.throttle import ThrottleLimits
from pipeline.plan.rules.reasons import CLOSED, NOT_ASSIGNED, SENTENCES
from pipeline.run.progress import Silence
from pipeline.text.errors import RefusedError, ServerError, UsageError
from sandbox.http.faults import (
    Answer,
    Ask,
    Fault,
    afterwards,
    answer_lost,
    cut_after,
    first,
    full_above,
    refusing,
    too_many,
    unavailable,
    values_of,
)
from sandbox.state.world import StoredValue
from schemas.frames import OUTCOMES
from tests.support.deployments import Post, outcomes, planned
from tests.support.village import CLINICS, form, in_words, key_of, lines, tracker, typed, village

VALUES = "/api/dataValueSets"
GENERATIONS = pytest.mark.parametrize("generation", ["2.42", "2.43"])
COUNTS = """
    month  | clinic | what     | number
    202609 | a      | cases    | 5
    202609 | b      | girls    | 2
    202610 | a      | cases    | 6
    202610 | b      | boys     | 3
    202610 | c      | enrolled | 4
"""


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with village(tmp_path) as opened:
        tracker(opened, COUNTS)
        yield opened


def journal(post: Post) -> list[dict[str, Any]]:
    """Give the notes of all loads, in their order."""
    paths = sorted(post.deployment.root.rglob("journal.jsonl"))
    return [json.loads(line) for path in paths for line in path.read_text().splitlines()]


def ledger(post: Post) -> int:
    """Count the cells that are ours."""
    return post.begin().store.ledger(post.world.system_id).height


def counts(**told: int) -> dict[str, int]:
    """Give the counts of a load, nought where nothing is said."""
    return dict.fromkeys(OUTCOMES, 0) | told


# What a load refuses.


def test_a_plan_that_somebody_edited_is_refused(post: Post) -> None:
    work, _ = post.plan()
    path = work.run.path / "plan.parquet"
    pl.read_parquet(path).with_columns(send=pl.lit("9")).write_parquet(path)

    with pytest.raises(RefusedError, match="changed after it was made"):
        post.load(work)
    assert post.posts == 0


def test_a_seal_that_somebody_edited_is_refused(post: Post) -> None:
    work, _ = post.plan()
    path = work.run.path / "plan.json"
    path.write_text(path.read_text().replace('"alarms": []', '"alarms": [ ], "allowed": []'))
    seal = json.loads(path.read_text())
    path.write_text(json.dumps(seal | {"transfer": "other"}))

    with pytest.raises(RefusedError, match=r"plan\.json, .* was changed by hand"):
        post.load(work)
    assert post.posts == 0


def test_a_plan_made_under_another_configuration_is_refused(post: Post) -> None:
    work, _ = post.plan()
    post.configure(policy={"vanished": "leave"})

    with pytest.raises(RefusedError, match="configuration changed"):
        post.load(post.again(work))
    assert post.posts == 0


def test_a_plan_made_from_another_mapping_is_refused(post: Post) -> None:
    work, _ = post.plan()
    post.map([("piCases0001", "", "deEnrolled1", "", "")])

    with pytest.raises(RefusedError, match="mapping changed"):
        post.load(work)
    assert post.posts == 0


def test_a_plan_is_refused_when_another_run_was_loaded_after_it(post: Post) -> None:
    earlier, _ = post.plan()
    post.night()
    sent = post.posts

    with pytest.raises(RefusedError, match="another run was loaded"):
        post.load(earlier)
    assert post.posts == sent


def test_a_plan_that_a_guard_stopped_is_refused_until_somebody_gives_a_reason(post: Post) -> None:
    post.night()
    tracker(post, "month | clinic | what | number\n 202609 | a | cases | 5")
    post.configure(guards={"max_retractions": 0, "min_extract_share": 0})
    work, summary = post.plan()

    with pytest.raises(RefusedError, match="4 values would be removed"):
        post.load(work)
    assert [alarm["guard"] for alarm in summary.alarms] == ["retractions"]

    post.plan(work, retractions="the register was cleaned")
    assert post.load(work).counts["loaded"] == 4
    assert form(post) == [("202609", "a", "cases", "5")]


# What a load does.


@GENERATIONS
def test_a_plan_is_loaded_once(tmp_path: Path, generation: str) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        night = post.night()
        sent = post.posts

        again = post.load(night.work)

        assert form(post) == lines(COUNTS)
        assert night.loaded.counts["loaded"] == 5
        assert (again.already, again.counts) == (True, night.loaded.counts)
        assert post.posts == sent
        assert ledger(post) == 5


@GENERATIONS
def test_new_changed_and_vanished_cells_go_out_together(tmp_path: Path, generation: str) -> None:
    changed = """
        month  | clinic | what     | number
        202609 | a      | cases    | 8
        202609 | b      | girls    | 2
        202610 | a      | boys     | 1
        202610 | c      | enrolled | 4
    """
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        post.night()
        tracker(post, changed)

        night = post.night()

        assert form(post) == lines(changed)
        assert night.actions == {"keep": 2, "create": 1, "update": 1, "retract": 2}
        assert night.loaded.counts["loaded"] == 4
        assert ledger(post) == 4


@GENERATIONS
def test_exactly_the_plan_is_sent(tmp_path: Path, generation: str) -> None:
    sent: list[dict[str, Any]] = []

    async def listen(request: Request, ask: Ask) -> Answer:
        sent.extend(values_of(await request.body()))
        return await ask()

    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        post.night()
        tracker(post, COUNTS.replace("| 5\n", "| 8\n").replace("b      | boys", "a      | boys"))
        work, _ = post.plan()
        post.sandbox.faults.append(first(99, VALUES, listen, "POST"))
        post.load(work)

    members = ("dataElement", "period", "orgUnit", "categoryOptionCombo", "attributeOptionCombo")
    told = [(*(one[part] for part in members), one["value"], "deleted" in one) for one in sent]
    plan = planned(work).filter(pl.col("action").is_in(["create", "update", "retract"]))
    assert plan.height == 3
    assert sorted(told) == sorted(plan.select(*KEY, "send", "delete").rows())


@GENERATIONS
def test_a_zero_removes_a_count_where_it_means_nothing_and_stands_where_it_does(
    tmp_path: Path, generation: str
) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        post.night()
        tracker(post, COUNTS.replace("| 6\n", "| 0\n").replace("| 4\n", "| 0\n"))

        night = post.night()

        assert ("202610", "c", "enrolled", "0") in form(post)
        assert ("202610", "a", "cases") not in [line[:3] for line in form(post)]
        assert post.night().loaded.requests == 0
        assert night.loaded.is_whole


def test_a_dry_run_asks_and_writes_nothing(post: Post) -> None:
    work, _ = post.plan()

    told = dry_run(work, post.client)

    assert [(one.status, one.updated) for one in told] == [("SUCCESS", 5)]
    assert form(post) == []
    assert not (work.run.path / "load.json").exists()


def test_each_request_is_noted_with_its_hash_and_its_answer(post: Post) -> None:
    work = post.night().work

    notes = [(note["state"], note.get("request")) for note in journal(post)]

    assert notes == [
        ("begun", None),
        ("planned", None),
        ("sent", "01-1"),
        ("answered", "01-1"),
        ("confirmed", None),
    ]
    assert (work.run.chunks / "0001-01-1.json.gz").exists()


# What other people do meanwhile.


@GENERATIONS
def test_what_a_person_typed_between_plan_and_load_stays_and_is_reported(
    tmp_path: Path, generation: str
) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        work, _ = post.plan()
        typed(
            post,
            """
            month  | clinic | what  | number
            202609 | a      | cases | 7
            202609 | b      | girls | 2
            """,
        )

        loaded = post.load(work)

        assert not loaded.is_whole
        assert loaded.counts == counts(loaded=3, unchanged=1, drifted=1)
        assert form(post, of="clerk") == [
            ("202609", "a", "cases", "7"),
            ("202609", "b", "girls", "2"),
        ]
        drifted = outcomes(work).filter(pl.col("outcome") == "drifted")
        assert in_words(drifted, "reason") == [("202609", "a", "cases", DRIFTED)]
        assert ledger(post) == 3


@GENERATIONS
def test_a_cell_that_a_person_emptied_between_plan_and_load_stays_empty(
    tmp_path: Path, generation: str
) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        post.night()
        tracker(post, COUNTS.replace("| 5\n", "| 9\n"))
        work, _ = post.plan()
        typed(post, "month | clinic | what | number\n 202609 | a | cases | -")

        loaded = post.load(work)

        assert loaded.counts["drifted"] == 1
        assert ("202609", "a", "cases", "9") not in form(post)


NINE_MORE = """
    month  | clinic | what     | number
    202609 | a      | cases    | 59
    202609 | b      | girls    | 29
    202610 | a      | cases    | 69
    202610 | b      | boys     | 39
    202610 | c      | enrolled | 49
"""
COMMENTS = {
    ("202609", "a", "cases"): "checked by phone",
    ("202609", "b", "girls"): 'she said "five"',
    ("202610", "a", "cases"): "two\nlines, one comma",
    ("202610", "b", "boys"): "élèves — naïve 数",
    ("202610", "c", "enrolled"): "\\n",
}


@GENERATIONS
def test_a_comment_in_a_cell_that_is_overwritten_is_kept(tmp_path: Path, generation: str) -> None:
    with village(tmp_path, generation) as post:
        cells = {key_of(*where): comment for where, comment in COMMENTS.items()}
        late = key_of("202609", "b", "girls")
        tracker(post, COUNTS)
        post.night()
        tracker(post, NINE_MORE)
        for cell in cells.keys() - {late}:
            post.world.values[cell].comment = cells[cell]
        work, _ = post.plan()
        post.world.values[late].comment = cells[late]  # written after the plan

        loaded = post.load(work)

        assert loaded.counts == counts(loaded=5)
        for cell, comment in cells.items():
            stored = post.world.values[cell]
            assert stored == StoredValue(str(stored.value), "tally", *_times(stored), comment)
            assert str(stored.value).endswith("9")


def _times(value: StoredValue) -> tuple[Any, Any]:
    return value.created, value.last_updated


# What servers do, whatever they say.


def _takes_nothing_and_says(told: bytes) -> Fault:
    """Give a fault: the server says this, and stores nothing."""
    body = json.dumps({"response": json.loads(told)}).encode()

    async def strike(_request: Request, _ask: Ask) -> Answer:
        return Answer(200, [(b"content-type", b"application/json")], body)

    return strike


def test_success_without_a_value_stored_is_no_success(post: Post) -> None:
    said = b'{"status": "SUCCESS", "importCount": {"updated": 5}}'
    post.sandbox.faults.append(first(99, VALUES, _takes_nothing_and_says(said), "POST"))

    night = post.night()

    assert night.loaded.counts == counts(refused=5)
    assert all(
        "the server said yes, but the cell does not hold what was sent" in reason
        for reason in outcomes(night.work)["reason"]
    )
    assert post.posts <= 16
    assert ledger(post) == 0

    post.sandbox.faults.clear()
    assert post.night().loaded.counts == counts(loaded=5)


@GENERATIONS
def test_a_conflict_with_everything_stored_is_a_success(tmp_path: Path, generation: str) -> None:
    def contradict(answer: Answer) -> Answer:
        told = json.loads(answer.body)
        told["response"] |= {"status": "ERROR", "importCount": {}}
        return answer._replace(status=409, body=json.dumps(told).encode())

    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        post.sandbox.faults.append(first(1, VALUES, afterwards(contradict), "POST"))

        night = post.night()

        assert night.loaded.is_whole
        assert form(post) == lines(COUNTS)
        assert ledger(post) == 5


def test_an_answer_lost_after_the_deed_is_found_by_reading_back(post: Post) -> None:
    post.sandbox.faults.append(first(1, VALUES, answer_lost(502), "POST"))

    night = post.night()

    assert night.loaded.is_whole
    assert post.posts == 1
    assert ledger(post) == 5


@pytest.mark.parametrize("seen", [0, 50, 200])
def test_an_answer_that_is_cut_after_the_deed_is_found_by_reading_back(
    post: Post, seen: int
) -> None:
    post.sandbox.faults.append(first(1, VALUES, cut_after(seen), "POST"))

    night = post.night()

    assert night.loaded.counts == counts(loaded=5)
    assert [note["state"] for note in journal(post)][-1] == "confirmed"
    assert post.posts == 1
    assert ledger(post) == 5


def test_a_busy_server_is_left_alone_as_long_as_it_asks_and_then_gets_what_is_missing(
    post: Post,
) -> None:
    work, _ = post.plan()
    post.sandbox.faults.append(first(1, VALUES, unavailable("7"), "POST"))
    post.sandbox.faults.append(first(1, VALUES, too_many("5"), "POST"))
    slept: list[float] = []

    loaded = load(work, post.client, Silence(), sleep=slept.append)

    assert loaded.counts == counts(loaded=5)
    assert [round(seconds) for seconds in slept[:2]] == [5, 7]
    assert form(post) == lines(COUNTS)
    assert ledger(post) == 5


def test_a_server_that_stays_busy_ends_the_load_and_resume_goes_on(post: Post) -> None:
    work, _ = post.plan()
    post.sandbox.faults.append(first(99, VALUES, too_many("50"), "POST"))

    with pytest.raises(ServerError, match="too busy") as told:
        load(work, post.client, Silence(), sleep=lambda _: None)
    post.sandbox.faults.clear()

    assert "--resume" in told.value.remedy
    assert post.posts == 3
    assert post.load(work, resume=True).counts == counts(loaded=5)


def test_a_request_that_is_too_large_goes_out_in_halves(post: Post) -> None:
    work, _ = post.plan()
    post.sandbox.faults.append(first(99, VALUES, full_above(2), "POST"))

    loaded = post.load(work)

    assert loaded.counts == counts(loaded=5)
    assert form(post) == lines(COUNTS)
    assert post.posts == 5


# A refusal of some does not stop the others.


def _gone(post: Post, clinic: str) -> None:
    """Let a clinic vanish from the server."""
    units = post.world.metadata["organisationUnits"]
    units[:] = [unit for unit in units if unit["id"] != CLINICS[clinic]]
    for data_set in post.world.metadata["dataSets"]:
        data_set["organisationUnits"] = [
            unit for unit in data_set["organisationUnits"] if unit["id"] != CLINICS[clinic]
        ]


def _gone_at_the_last_moment(post: Post, clinic: str) -> None:
    """Let a clinic vanish when the first request that writes arrives."""

    async def vanish(_: Request, ask: Ask) -> Answer:
        _gone(post, clinic)
        return await ask()

    post.sandbox.faults.append(first(1, VALUES, vanish, "POST"))


@GENERATIONS
def test_nothing_is_written_for_a_clinic_that_left_the_data_set_since_the_plan(
    tmp_path: Path, generation: str
) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        work, _ = post.plan()
        [the_form] = post.world.metadata["dataSets"]
        the_form["organisationUnits"] = [{"id": CLINICS["a"]}, {"id": CLINICS["c"]}]

        loaded = post.load(work)

        assert loaded.counts == counts(loaded=3, refused=2)
        assert form(post) == [line for line in lines(COUNTS) if line[1] != "b"]
        refused = outcomes(work).filter(pl.col("outcome") == "refused")
        assert set(refused["reason"]) == {LEFT_THE_DATA_SET}
        assert ledger(post) == 3


@GENERATIONS
def test_a_clinic_that_vanishes_during_the_load_is_named_and_the_others_are_written(
    tmp_path: Path, generation: str
) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        work, _ = post.plan()
        _gone_at_the_last_moment(post, "b")

        loaded = post.load(work)

        assert loaded.counts == counts(loaded=3, refused=2)
        assert form(post) == [line for line in lines(COUNTS) if line[1] != "b"]
        refused = outcomes(work).filter(pl.col("outcome") == "refused")
        assert {line[:2] for line in in_words(refused)} == {("202609", "b"), ("202610", "b")}
        sentence = {
            "2.42": "the server does not know the org unit; mend mappings/org_units.csv (E7612)",
            "2.43": f"{SENTENCES[NOT_ASSIGNED]} (E8022)",
        }
        assert set(refused["reason"]) == {sentence[generation]}
        assert ledger(post) == 3


def test_each_round_after_a_refusal_of_the_whole_is_noted(post: Post) -> None:
    work, _ = post.plan()
    _gone_at_the_last_moment(post, "b")
    post.world.metadata["organisationUnits"][-1]["closedDate"] = "2026-09-15T00:00:00.000"

    loaded = post.load(work)

    assert loaded.counts == counts(loaded=2, refused=3)
    assert set(in_words(outcomes(work).filter(pl.col("outcome") == "refused"), "reason")) >= {
        ("202610", "c", "enrolled", f"{SENTENCES[CLOSED]} (E8031)")
    }
    told = [
        (note["request"], note["summary"]["http_status"])
        for note in journal(post)
        if note["state"] == "answered"
    ]
    assert told == [("01-1", 409), ("01-2", 409), ("01-3", 200)]
    assert loaded.requests == post.posts == 3


MANY = "\n".join(
    ["month | clinic | what | number"]
    + [
        f"{month} | {clinic} | {what} | 1"
        for month in ("202608", "202609", "202610")
        for clinic in "abc"
        for what in ("cases", "enrolled", "boys", "girls")
    ]
)
SAYS_NOTHING = {
    "an error of the server": (500, {}),
    "a refusal that names nobody": (
        409,
        {
            "status": "ERROR",
            "conflicts": [
                {"errorCode": "E8002", "value": "failed", "objects": {"args": "[one, two]"}}
            ],
        },
    ),
    "a success that stored nothing": (
        200,
        {"status": "SUCCESS", "importCount": {"ignored": 9}, "conflicts": []},
    ),
}


@pytest.mark.parametrize("said", SAYS_NOTHING.values(), ids=SAYS_NOTHING.keys())
def test_who_is_guilty_is_found_in_few_requests_when_the_server_does_not_say(
    post: Post, said: tuple[int, dict[str, Any]]
) -> None:
    tracker(post, MANY)
    work, _ = post.plan()

    def is_guilty(value: dict[str, str]) -> bool:
        return (value["period"], value["orgUnit"], value["dataElement"]) == (
            "202609",
            CLINICS["b"],
            "deEnrolled1",
        )

    post.sandbox.faults.append(first(99, VALUES, refusing(is_guilty, *said), "POST"))

    loaded = post.load(work)

    assert loaded.counts == counts(loaded=35, refused=1)
    assert form(post) == [line for line in lines(MANY) if line[:3] != ("202609", "b", "enrolled")]
    assert post.posts <= 16
    assert ledger(post) == 35


def test_what_a_person_types_while_the_guilty_are_searched_stays(post: Post) -> None:
    tracker(post, MANY)
    work, _ = post.plan()

    def meanwhile(answer: Answer) -> Answer:
        typed(post, "month | clinic | what | number\n 202608 | a | cases | 7")
        return answer

    refusal = refusing(lambda value: value["orgUnit"] == CLINICS["c"], 500, {})
    post.sandbox.faults.append(first(99, VALUES, refusal, "POST"))
    post.sandbox.faults.append(first(1, VALUES, afterwards(meanwhile), "POST"))

    loaded = post.load(work)

    assert loaded.counts == counts(loaded=23, refused=12, drifted=1)
    assert form(post, of="clerk") == [("202608", "a", "cases", "7")]
    assert ledger(post) == 23


def test_a_login_that_was_withdrawn_stops_the_load_and_nothing_is_lost(post: Post) -> None:
    work, _ = post.plan()
    user = post.world.users["tally"]
    user.authorities = frozenset({"F_VIEW_EVENT_ANALYTICS"})

    loaded = post.load(work)

    assert loaded.counts["refused"] == 5
    assert "F_DATAVALUE_ADD" in outcomes(work)["reason"][0]


# Holds.


def test_cells_on_hold_are_never_sent(tmp_path: Path) -> None:
    for generation in ("2.42", "2.43"):
        with village(tmp_path / generation, generation) as post:
            tracker(post, COUNTS.replace("202609", "202608"))
            (data_set,) = post.world.metadata["dataSets"]
            data_set["expiryDays"] = 60.0
            data_set["organisationUnits"] = [{"id": CLINICS[one]} for one in "ab"]
            post.configure(org_units={"assigned_only": False})

            night = post.night()

            assert in_words(planned(night.work), "action", "reason_id") == [
                ("202608", "a", "cases", "hold", "expired"),
                ("202608", "b", "girls", "hold", "expired"),
                ("202610", "a", "cases", "create", "new"),
                ("202610", "b", "boys", "create", "new"),
                ("202610", "c", "enrolled", "hold", "not_assigned"),
            ]
            assert form(post) == [("202610", "a", "cases", "6"), ("202610", "b", "boys", "3")]


# Interruptions.


def _broken_line(post: Post, after: int) -> None:
    """Let the line break when the target is read the given number of times more."""
    reads = iter(range(99))

    async def strike(_request: Request, ask: Ask) -> Answer:
        if next(reads) < after:
            return await ask()
        return Answer(500, [(b"content-type", b"text/html")], b"<html>down</html>")

    post.sandbox.faults.append(first(99, VALUES, strike, "GET"))


@GENERATIONS
def test_a_load_that_broke_off_after_writing_is_resumed(tmp_path: Path, generation: str) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        work, _ = post.plan()
        _broken_line(post, after=1)
        with pytest.raises(ServerError):
            post.load(work)
        post.sandbox.faults.clear()

        with pytest.raises(UsageError, match="interrupted") as told:
            post.load(work)
        resumed = post.load(work, resume=True)

        assert "--resume" in told.value.remedy
        assert resumed.counts == counts(loaded=5)
        assert form(post) == lines(COUNTS)
        assert post.posts == 1
        assert ledger(post) == 5


@GENERATIONS
def test_a_load_that_broke_off_is_settled_by_the_next_plan(tmp_path: Path, generation: str) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        work, _ = post.plan()
        _broken_line(post, after=1)
        with pytest.raises(ServerError):
            post.load(work)
        post.sandbox.faults.clear()
        typed(post, "month | clinic | what | number\n 202609 | a | cases | 7")

        night = post.night()

        assert night.actions == {"keep": 4, "conflict": 1}
        assert ledger(post) == 4
        assert form(post, of="clerk") == [("202609", "a", "cases", "7")]


def test_a_load_that_was_begun_is_not_planned_again(post: Post) -> None:
    work, _ = post.plan()
    _broken_line(post, after=1)
    with pytest.raises(ServerError):
        post.load(work)
    post.sandbox.faults.clear()

    with pytest.raises(RefusedError, match="load of this run was begun"):
        post.plan(work)


def test_a_load_is_not_resumed_over_another_run(post: Post) -> None:
    work, _ = post.plan()
    _broken_line(post, after=0)
    with pytest.raises(ServerError):
        post.load(work)
    post.sandbox.faults.clear()
    newer = post.night().work.run.run_id

    with pytest.raises(RefusedError, match=f"run {newer} was loaded after"):
        post.load(work, resume=True)


def test_what_was_sent_to_another_system_waits_until_that_system_is_the_target(post: Post) -> None:
    work, _ = post.plan()
    _broken_line(post, after=1)
    with pytest.raises(ServerError):
        post.load(work)
    post.sandbox.faults.clear()
    here, elsewhere = post.world.system_id, "22222222-0000-4000-8000-000000000000"
    standing, post.world.values = post.world.values, {}

    post.world.system_id = elsewhere
    post.plan()
    post.world.system_id, post.world.values = here, standing

    assert ledger(post) == 0
    assert post.load(work, resume=True).counts == counts(loaded=5)
    assert ledger(post) == 5


def test_the_same_number_typed_by_a_person_while_a_load_lay_broken_is_theirs(post: Post) -> None:
    work, _ = post.plan()
    said = b'{"status": "SUCCESS"}'
    post.sandbox.faults.append(first(1, VALUES, _takes_nothing_and_says(said), "POST"))
    _broken_line(post, after=1)
    with pytest.raises(ServerError):
        post.load(work)
    post.sandbox.faults.clear()
    typed(post, "month | clinic | what | number\n 202609 | a | cases | 5")

    loaded = post.load(work, resume=True)

    assert loaded.counts == counts(loaded=4, unchanged=1)
    assert ledger(post) == 4


def test_the_balance_of_a_load_lies_beside_it(post: Post) -> None:
    (data_set,) = post.world.metadata["dataSets"]
    data_set["organisationUnits"] = [{"id": CLINICS[one]} for one in "ab"]
    post.configure(org_units={"assigned_only": False})

    night = post.night()

    told = pl.read_csv(night.work.run.path / "balance.csv", schema_overrides={"period": pl.String})
    assert told.select("data_element", "period", "planned", "loaded", "held").rows() == [
        ("deBySex0001", "202609", 1, 1, 0),
        ("deBySex0001", "202610", 1, 1, 0),
        ("deCases0001", "202609", 1, 1, 0),
        ("deCases0001", "202610", 1, 1, 0),
        ("deEnrolled1", "202610", 1, 0, 1),
    ]
    assert night.loaded.counts == counts(loaded=4, held=1)


# Many chunks.

SMALL = ThrottleLimits(fewest_rows=1, most_rows=4, most_in_flight=2)


class Crowd:
    """Counts how many writing requests the server has at once."""

    def __init__(self) -> None:
        self.now = self.most = 0

    async def __call__(self, request: Request, ask: Ask) -> Answer:
        if request.method != "POST":
            return await ask()
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0.05)
        self.now -= 1
        return await ask()


@GENERATIONS
def test_requests_go_out_side_by_side_and_never_more_than_agreed(
    tmp_path: Path, generation: str
) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, MANY)
        work, _ = post.plan()
        crowd = Crowd()
        post.sandbox.faults.append(crowd)

        loaded = load(work, post.client, Silence(), limits=SMALL)

        assert loaded.counts == counts(loaded=36)
        assert (loaded.requests, post.posts, crowd.most) == (9, 9, 2)
        assert form(post) == lines(MANY)


@pytest.mark.parametrize("after", [0, 3])
def test_a_load_of_many_chunks_goes_on_with_the_chunk_where_it_stopped(
    post: Post, after: int
) -> None:
    tracker(post, MANY)
    work, _ = post.plan()
    _broken_line(post, after)
    with pytest.raises(ServerError):
        load(work, post.client, Silence(), limits=SMALL)
    post.sandbox.faults.clear()

    resumed = load(work, post.client, Silence(), limits=SMALL, resume=True)

    assert resumed.counts == counts(loaded=36)
    assert resumed.requests == post.posts == 9
    assert form(post) == lines(MANY)
    assert ledger(post) == 36


def test_what_a_person_types_while_a_busy_server_is_left_alone_stays(post: Post) -> None:
    tracker(post, MANY)
    work, _ = post.plan()
    post.sandbox.faults.append(first(1, VALUES, too_many("9"), "POST"))

    def meanwhile(_seconds: float) -> None:
        typed(post, "month | clinic | what | number\n 202608 | c | girls | 7")

    loaded = load(work, post.client, Silence(), limits=SMALL, sleep=meanwhile)

    assert loaded.counts == counts(loaded=35, drifted=1)
    assert form(post, of="clerk") == [("202608", "c", "girls", "7")]


def test_what_a_slow_server_writes_after_its_answer_was_lost_is_ours(post: Post) -> None:
    work, _ = post.plan()
    post.sandbox.faults.append(first(1, VALUES, unavailable("3"), "POST"))

    def at_last(_seconds: float) -> None:
        moment = post.world.clock()
        for month, clinic, what, number in lines(COUNTS):
            post.world.values[key_of(month, clinic, what)] = StoredValue(
                number, "tally", moment, moment, None
            )

    loaded = load(work, post.client, Silence(), sleep=at_last)

    assert loaded.counts == counts(loaded=5)
    assert post.posts == 1
    assert ledger(post) == 5


def test_a_part_that_waited_for_a_busy_server_and_drifted_whole_is_told(post: Post) -> None:
    tracker(post, MANY)
    work, _ = post.plan()
    post.sandbox.faults.append(first(1, VALUES, too_many("9"), "POST"))

    def meanwhile(_seconds: float) -> None:
        for what in ("cases", "enrolled", "boys", "girls"):
            typed(post, f"month | clinic | what | number\n 202608 | c | {what} | 7")

    loaded = load(work, post.client, Silence(), limits=SMALL, sleep=meanwhile)

    assert loaded.counts == counts(loaded=32, drifted=4)
